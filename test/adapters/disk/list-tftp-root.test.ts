import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listTftpRoot, ROOT_LIMITS } from '../../../src/adapters/disk/list-tftp-root.ts'

const everything = () => true
const octets = (text: string) => new TextEncoder().encode(text)

t.test(
  'files and folders are listed with size and mode, wanted files with their bytes',
  async (t) => {
    const folder = t.testdir({ 'OS79XX.TXT': 'P0S30203\n', big: 'xxx', sub: { a: 'y' } })
    chmodSync(join(folder, 'OS79XX.TXT'), 0o640)
    chmodSync(join(folder, 'sub'), 0o711)
    chmodSync(folder, 0o755)
    const { files, folders } = await listTftpRoot(folder, (path) => path !== 'big')
    t.match(files, [
      { path: 'OS79XX.TXT', sizeBytes: 9, mode: 0o640, bytes: octets('P0S30203\n'), unread: null },
      { path: 'big', sizeBytes: 3, bytes: null, unread: { kind: 'not-wanted' } },
      { path: 'sub/a', sizeBytes: 1, bytes: octets('y') },
    ])
    const owner = { uid: process.getuid?.(), gid: process.getgid?.() }
    t.match(files, [{ owner }, { owner }, { owner }])
    t.same(folders, [
      { path: '', mode: 0o755, owner, unread: null },
      { path: 'sub', mode: 0o711, owner, unread: null },
    ])
  },
)

t.test(
  'a link is followed within the folder, and told where it leads out or nowhere',
  async (t) => {
    const folder = t.testdir({ secret: 'x', root: { file: 'content', sub: { a: '' } } })
    const root = join(folder, 'root')
    symlinkSync('file', join(root, 'inside'))
    symlinkSync('../secret', join(root, 'outside'))
    symlinkSync('nowhere', join(root, 'dangling'))
    symlinkSync('sub', join(root, 'to-folder'))
    const { files } = await listTftpRoot(root, everything)
    t.match(files, [
      { path: 'dangling', unread: { kind: 'failed', reason: /ENOENT/ } },
      { path: 'file' },
      { path: 'inside', bytes: octets('content') },
      { path: 'outside', unread: { kind: 'outside' }, bytes: null },
      { path: 'sub/a' },
    ])
  },
)

t.test('a pipe, or a link to one, is listed and not opened: it might wait for ever', async (t) => {
  const folder = t.testdir({ file: 'x' })
  execFileSync('mkfifo', [join(folder, 'pipe')])
  symlinkSync('pipe', join(folder, 'to-pipe'))
  const { files } = await listTftpRoot(folder, everything)
  const unread = { kind: 'no-file' }
  t.match(files, [{ path: 'file' }, { path: 'pipe', unread }, { path: 'to-pipe', unread }])
})

t.test('bounds of depth and bytes are reported, the bound of files ends the listing', async (t) => {
  const folder = t.testdir({ a: 'four', b: 'four', c: { d: { e: '' } } })
  const limits = { ...ROOT_LIMITS, totalBytes: 6, depth: 1 }
  const { files, folders } = await listTftpRoot(folder, everything, limits)
  t.match(files, [
    { path: 'a', unread: null },
    { path: 'b', unread: { kind: 'too-much' } },
  ])
  t.match(folders, [{ path: '' }, { path: 'c' }, { path: 'c/d', unread: /1 folders deep/ }])
  await t.rejects(listTftpRoot(folder, everything, { ...ROOT_LIMITS, entries: 3 }), {
    message: 'it has more than 3 files and folders',
  })
})

t.test('a folder that is none is an error', async (t) => {
  const folder = t.testdir({ file: 'x' })
  await t.rejects(listTftpRoot(join(folder, 'nowhere'), everything), /ENOENT/)
  await t.rejects(listTftpRoot(join(folder, 'file'), everything), /ENOTDIR/)
})

t.test('what this user may not read is listed with the reason', async (t) => {
  if (process.getuid?.() === 0) {
    t.pass('root reads everything')
    return
  }
  const folder = t.testdir({ file: 'x' })
  mkdirSync(join(folder, 'closed'), 0o000)
  chmodSync(join(folder, 'file'), 0o000)
  const { files, folders } = await listTftpRoot(folder, everything)
  t.match(files, [{ path: 'file', unread: { kind: 'failed', reason: /EACCES/ } }])
  t.match(folders, [{ path: '' }, { path: 'closed', unread: /EACCES/ }])
})
