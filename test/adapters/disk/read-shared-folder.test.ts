import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readSharedFolder } from '../../../src/adapters/disk/read-shared-folder.ts'

const LIMITS = { files: 10, fileBytes: 100, totalBytes: 250 }

async function read(folder: string, limits = LIMITS) {
  const served: string[] = []
  const leftOut = await readSharedFolder(folder, limits, (name) => void served.push(name))
  return { served, leftOut: Object.fromEntries(leftOut.map(({ name, why }) => [name, why])) }
}

t.test('what cannot be served is left out, each with its reason; the rest is read', async (t) => {
  const outside = t.testdir({
    folder: { 'bell.raw': 'ring', sub: { 'logo.bmp': 'logo' } },
    'secret.txt': 'not theirs',
  })
  const folder = join(outside, 'folder')
  const at = (name: string) => join(folder, name)
  writeFileSync(at('big.iso'), new Uint8Array(101))
  symlinkSync('../secret.txt', at('out'))
  symlinkSync('nowhere', at('dangling'))
  symlinkSync('.', at('itself'))
  symlinkSync('sub', at('to-folder'))
  symlinkSync('circle', at('circle'))
  symlinkSync('bell.raw', at('alias.raw'))
  execFileSync('mkfifo', [at('pipe')])
  symlinkSync('pipe', at('to-pipe'))
  // The path of a socket has 107 characters at most.
  const short = join(tmpdir(), `switchhook-${process.pid}.sock`)
  const server = createServer().listen(short)
  await once(server, 'listening')
  renameSync(short, at('socket'))
  t.teardown(() => server.close())
  for (const name of ['a:b', 'a\\b', 'a\nb', 'Twin.raw', 'twin.raw', 'TWIN.RAW']) {
    writeFileSync(at(name), 'x')
  }
  t.same(await read(folder), {
    served: ['alias.raw', 'bell.raw', 'sub/logo.bmp'],
    leftOut: {
      'big.iso': 'holds 101 bytes; the limit for one file is 100',
      out: 'is a link to a place outside the folder',
      dangling: `cannot be read: ENOENT: no such file or directory, realpath '${at('dangling')}'`,
      itself: 'is a link to something that is not a file',
      'to-folder': 'is a link to something that is not a file',
      circle: `cannot be read: ELOOP: too many symbolic links encountered, realpath '${at('circle')}'`,
      pipe: 'is not a regular file',
      'to-pipe': 'is a link to something that is not a file',
      socket: 'is not a regular file',
      'a:b': 'has a name that no TFTP request can contain',
      'a\\b': 'has a name that no TFTP request can contain',
      'a\nb': 'has a name that no TFTP request can contain',
      'Twin.raw': 'differs from TWIN.RAW only in letter case',
      'twin.raw': 'differs from TWIN.RAW only in letter case',
      'TWIN.RAW': 'differs from Twin.raw only in letter case',
    },
  })
})

t.test('too many files and too many bytes leave out what comes last', async (t) => {
  const many = t.testdir(Object.fromEntries([...'abcdefghijkl'].map((name) => [name, name])))
  t.match(await read(many), {
    served: [...'abcdefghij'],
    leftOut: { k: 'exceeds the limit of 10 files', l: /^exceeds the limit/ },
  })
  const heavy = t.testdir({
    a: 'x'.repeat(100),
    b: 'x'.repeat(100),
    c: 'x'.repeat(60),
    d: 'x'.repeat(50),
  })
  t.match(await read(heavy), {
    served: ['a', 'b', 'd'],
    leftOut: { c: 'holds 60 bytes, which would exceed the limit of 250 for the folder' },
  })
})

t.test('folders without end do not make it endless', async (t) => {
  const folder = t.testdir()
  for (let index = 0; index < 60; index++) mkdirSync(join(folder, `${index}`.padStart(3, '0')))
  t.match(await read(folder), { served: [], leftOut: { '': /more than 40 files and folders/ } })
  const deep = t.testdir({ a: { a: { a: { a: { a: { a: { a: { a: { a: { f: 'x' } } } } } } } } } })
  t.same(await read(deep), {
    served: [],
    leftOut: { 'a/a/a/a/a/a/a/a/a': 'is more than 8 folders deep' },
  })
})

t.test('a file that exceeds the limits, or that changes meanwhile, is left out', async (t) => {
  const folder = t.testdir({ a: 'x', b: 'y' })
  const leftOut = await readSharedFolder(folder, LIMITS, (name) => {
    if (name === 'a') throw new Error('no room')
  })
  t.same(leftOut, [{ name: 'a', why: 'no room' }])
  const changing = t.testdir({ a: 'x', b: 'yyy' })
  const changed = await readSharedFolder(changing, LIMITS, () => truncateSync(join(changing, 'b')))
  t.same(changed, [{ name: 'b', why: 'changed while it was read' }])
})

t.test('only a folder that cannot be listed is an error', async (t) => {
  const folder = t.testdir({ file: 'x' })
  await t.rejects(read(join(folder, 'none')), { code: 'ENOENT' })
  await t.rejects(read(join(folder, 'file')), { code: 'ENOTDIR' })
  if (process.getuid?.() === 0) return
  const closed = t.testdir({ sub: { file: 'x' } })
  chmodSync(join(closed, 'sub'), 0)
  t.match(await read(closed), { leftOut: { sub: /^cannot be read: EACCES/ } })
  rmSync(join(closed, 'sub'), { recursive: true, force: true })
})
