import t from 'tap'
import { canonicalFileName, FileNames } from '../../src/files/file-name.ts'

t.test('a name has one form, whatever stands before it', async (t) => {
  const cases = [
    { asked: 'OS79XX.TXT', name: 'OS79XX.TXT' },
    { asked: '/OS79XX.TXT', name: 'OS79XX.TXT' },
    { asked: './OS79XX.TXT', name: 'OS79XX.TXT' },
    { asked: './/.//OS79XX.TXT', name: 'OS79XX.TXT' },
    { asked: 'dial/plan.xml', name: 'dial/plan.xml' },
    { asked: '.hidden', name: '.hidden' },
    { asked: '..almost', name: '..almost' },
    { asked: 'OS79XX.TXT ', name: 'OS79XX.TXT ' },
    { asked: '%2e%2e%2fpasswd', name: '%2e%2e%2fpasswd' },
  ]
  for (const { asked, name } of cases) t.equal(canonicalFileName(asked), name, asked)
})

t.test('what could point anywhere else does not exist', async (t) => {
  const wrong = [
    { why: 'empty', asked: '' },
    { why: 'nothing behind the slash', asked: './' },
    { why: 'parent', asked: '../etc/passwd' },
    { why: 'parent behind a slash', asked: '/../etc/passwd' },
    { why: 'parent in the middle', asked: 'a/../../etc/passwd' },
    { why: 'parent at the end', asked: 'a/..' },
    { why: 'same folder in the middle', asked: 'a/./b' },
    { why: 'empty part', asked: 'a//b' },
    { why: 'folder', asked: 'a/' },
    { why: 'backslash', asked: '..\\boot.ini' },
    { why: 'UNC path', asked: '\\\\server\\share\\x' },
    { why: 'drive letter', asked: 'C:/boot.ini' },
    { why: 'alternate stream', asked: 'OS79XX.TXT::$DATA' },
    { why: 'NUL inside', asked: 'OS79XX.TXT\u0000.cnf' },
    { why: 'line feed', asked: 'OS79XX.TXT\n' },
    { why: 'delete', asked: 'a\u007f' },
    { why: 'longer than a request', asked: 'a'.repeat(513) },
  ]
  for (const { why, asked } of wrong) t.equal(canonicalFileName(asked), undefined, why)
})

t.test('an exact name wins, another case of it is found, two of them are ambiguous', async (t) => {
  const names = new FileNames([
    ['SIPDefault.cnf', 1],
    ['ring.raw', 2],
    ['RING.raw', 3],
    ['../up', 4],
  ])
  const cases = [
    { asked: 'SIPDefault.cnf', found: { name: 'SIPDefault.cnf', value: 1 } },
    { asked: '/SIPDEFAULT.CNF', found: { name: 'SIPDefault.cnf', value: 1 } },
    { asked: 'ring.raw', found: { name: 'ring.raw', value: 2 } },
    { asked: 'RING.raw', found: { name: 'RING.raw', value: 3 } },
    { asked: 'Ring.raw', found: undefined },
    { asked: 'absent', found: undefined },
    { asked: '../up', found: undefined },
  ]
  for (const { asked, found } of cases) t.same(names.find(asked), found, asked)
})

t.test('of a name given twice the last value counts, and it is still one name', async (t) => {
  const names = new FileNames([
    ['a', 1],
    ['a', 2],
  ])
  t.same(names.find('A'), { name: 'a', value: 2 })
  t.equal(new FileNames().find('a'), undefined)
})
