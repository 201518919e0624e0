import t from 'tap'
import { findFileProblems } from '../../src/inventory/shared-file-rules.ts'

t.test('names that phones can ask for are taken', async (t) => {
  const good = ['RINGLIST.DAT', 'rings/bell 2.raw', 'Desktops/320x196x4/List.xml', 'a'.repeat(128)]
  for (const name of good) t.same(findFileProblems(name, new Uint8Array(1)), [], name)
})

t.test('other names are refused', async (t) => {
  const cases = [
    { name: '', why: 'empty' },
    { name: '/etc/passwd', why: 'absolute' },
    { name: '../a', why: 'out of the folder' },
    { name: 'a/../b', why: 'through the parent' },
    { name: 'a//b', why: 'empty part' },
    { name: './a', why: 'this folder' },
    { name: 'a/', why: 'a folder' },
    { name: 'a\\b', why: 'backslash' },
    { name: 'C:a', why: 'drive letter' },
    { name: 'a\u0000', why: 'NUL' },
    { name: 'a\nb', why: 'line break' },
    { name: 'ü', why: 'not ASCII' },
    { name: ' a', why: 'blank in front' },
    { name: 'a ', why: 'blank behind' },
    { name: 'a'.repeat(129), why: 'too long' },
  ]
  for (const { name, why } of cases) {
    t.match(findFileProblems(name, new Uint8Array(1)), [{ path: '/name' }], why)
  }
})

t.test('a file is 32 MiB at most', async (t) => {
  t.same(findFileProblems('a', new Uint8Array(32 * 1024 * 1024)), [])
  t.match(findFileProblems('a', new Uint8Array(32 * 1024 * 1024 + 1)), [
    { message: /33554433 bytes/ },
  ])
})
