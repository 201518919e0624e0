import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readFolder } from '../../../src/adapters/disk/read-folder.ts'

const octets = (text: string) => new TextEncoder().encode(text)
const namesIn = async (folder: string) => {
  const outcome = await readFolder(folder)
  return outcome.kind === 'ok' ? [...outcome.files.keys()] : outcome.problems
}

t.test('a folder is read with its sub-folders, by relative names', async (t) => {
  const folder = t.testdir({ 'b.txt': 'two', a: { 'x.sb2': 'one', deep: { empty: '' } }, none: {} })
  t.same(await readFolder(folder), {
    kind: 'ok',
    files: new Map([
      ['a/deep/empty', octets('')],
      ['a/x.sb2', octets('one')],
      ['b.txt', octets('two')],
    ]),
  })
})

t.test('a link inside the folder is followed, out of it never', async (t) => {
  const folder = t.testdir({ secret: 'root:x', root: { file: 'content', sub: { other: 'x' } } })
  const root = join(folder, 'root')
  symlinkSync('file', join(root, 'inside'))
  t.same(await namesIn(root), ['file', 'inside', 'sub/other'])
  symlinkSync('../secret', join(root, 'outside'))
  symlinkSync('/etc/passwd', join(root, 'passwd'))
  symlinkSync('sub', join(root, 'to-folder'))
  symlinkSync('loop', join(root, 'loop'))
  symlinkSync('nowhere', join(root, 'dangling'))
  const outcome = await readFolder(root)
  t.match(outcome, {
    kind: 'refused',
    problems: [
      { file: 'dangling', fault: /cannot be read: ENOENT/ },
      { file: 'loop', fault: /cannot be read: ELOOP/ },
      { file: 'outside', fault: 'is a link to a place outside the folder' },
      { file: 'passwd', fault: 'is a link to a place outside the folder' },
      { file: 'to-folder', fault: /not a file/ },
    ],
  })
})

t.test(
  'the folder itself may be a link, and a neighbour with its name in front is outside',
  async (t) => {
    const folder = t.testdir({ real: { a: 'x' }, 'real-not': { b: 'y' } })
    symlinkSync('real', join(folder, 'link'))
    t.same(await namesIn(join(folder, 'link')), ['a'])
    symlinkSync('../real-not/b', join(folder, 'real', 'b'))
    t.match(await readFolder(join(folder, 'link')), {
      problems: [{ file: 'b', fault: 'is a link to a place outside the folder' }],
    })
  },
)

t.test('a pipe is refused and not waited for', async (t) => {
  const folder = t.testdir({ a: 'x' })
  execFileSync('mkfifo', [join(folder, 'pipe')])
  t.match(await readFolder(folder), {
    problems: [{ file: 'pipe', fault: 'is not a regular file' }],
  })
})

t.test('the limits of archives hold for folders', async (t) => {
  const limits = { files: 3, fileBytes: 10, totalBytes: 15 }
  const judge = (files: Record<string, string>, name: string) => {
    const folder = join(t.testdirName, name)
    mkdirSync(folder, { recursive: true })
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content)
    return readFolder(folder, limits)
  }
  t.testdir()
  t.match(await judge({ a: 'x'.repeat(11) }, '1'), {
    problems: [{ file: 'a', fault: /11 bytes/ }],
  })
  const full = { a: 'x'.repeat(10), b: 'x'.repeat(6) }
  t.match(await judge(full, '2'), { problems: [{ file: '', fault: /16 bytes/ }] })
  t.match(await judge({ a: '', b: '', c: '', d: '' }, '3'), { problems: [{ fault: /4 files/ }] })
  t.match(await judge({ a: '', A: '' }, '4'), { problems: [{ file: 'a', fault: /letter case/ }] })
  t.match(await judge({ 'a\\b': '' }, '5'), { problems: [{ fault: /backslash/ }] })
})

t.test('a tree that is too deep is refused, and one of too many folders ends', async (t) => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'deep', ...Array.from({ length: 9 }, () => 'd')), { recursive: true })
  t.match(await readFolder(join(folder, 'deep')), {
    problems: [{ fault: /more than 8 folders deep/ }],
  })
  for (let index = 0; index < 30; index++)
    mkdirSync(join(folder, 'wide', `${index}`), { recursive: true })
  const limits = { files: 5, fileBytes: 10, totalBytes: 10 }
  t.match(await readFolder(join(folder, 'wide'), limits), {
    problems: [{ file: '', fault: /more than 20 files and folders/ }],
  })
})

t.test('a folder that is not there, or may not be read, says so', async (t) => {
  const folder = t.testdir({ locked: { a: 'x' } })
  t.match(await readFolder(join(folder, 'none')), { problems: [{ file: '', fault: /ENOENT/ }] })
  t.match(await readFolder(join(folder, 'locked', 'a')), {
    problems: [{ file: '', fault: /ENOTDIR/ }],
  })
  if (process.getuid?.() === 0) return t.comment('skipped: root may read everything')
  chmodSync(join(folder, 'locked', 'a'), 0)
  t.match(await readFolder(join(folder, 'locked')), { problems: [{ file: 'a', fault: /EACCES/ }] })
})
