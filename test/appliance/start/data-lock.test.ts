import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  FolderInUseError,
  LOCK_FILE,
  lockByProgram,
  lockDataFolder,
} from '../../../appliance/start/data-lock.ts'
import { SystemCallError } from '../../../src/adapters/udp/native/system-call-error.ts'

const LOADER = new URL('../../runner/load-typescript.mjs', import.meta.url).href
const MODULE = new URL('../../../appliance/start/data-lock.ts', import.meta.url).href

/** A process that has a folder and keeps it until it is killed. */
async function aHolder(t: Test, folder: string, before: readonly string[] = []) {
  const script = `import { lockDataFolder } from '${MODULE}'
await lockDataFolder(${JSON.stringify(folder)}, 'its API at http://10.20.0.2:8067')
console.log('has it')
setInterval(() => {}, 1000)`
  const node = [process.execPath, '--import', LOADER, '--input-type=module', '--eval', script]
  const [command = '', ...args] = [...before, ...node]
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return {
    pid: child.pid,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

t.test('the second of two processes is told who has the folder, until that one dies', async (t) => {
  const folder = join(t.testdir(), 'data')
  const { pid, kill } = await aHolder(t, folder)
  await t.rejects(lockDataFolder(folder, 'a test'), {
    name: 'FolderInUseError',
    message: new RegExp(
      `${folder} is in use by process ${pid} on host ${hostname()} \\(its API at http://10\\.20\\.0\\.2:8067\\), since 20`,
    ),
  })
  await kill()
  const lock = await lockDataFolder(folder, 'a test')
  t.match(JSON.parse(readFileSync(join(folder, LOCK_FILE), 'utf8')), { pid: process.pid })
  lock.release()
  lock.release()
})

t.test('a folder is one owner’s from another network namespace as well', async (t) => {
  const folder = t.testdir()
  // A namespace of its own for network, host name and process numbers, as a container has it.
  const apart = ['unshare', '--net', '--uts', '--pid', '--fork', '--kill-child']
  const probe = spawn(apart[0] as string, [...apart.slice(1), 'true'], { stdio: 'ignore' })
  const [code] = await once(probe, 'exit').catch(() => [1])
  if (code !== 0) return t.comment('left out: no namespaces here')
  const { kill } = await aHolder(t, folder, apart)
  await t.rejects(lockDataFolder(folder, 'a test'), { name: 'FolderInUseError' })
  await kill()
})

t.test('what an earlier owner left does not prevent a start', async (t) => {
  for (const left of [
    '',
    'nonsense',
    '{"pid":1,"host":"x","what":"y","since":"z"}',
    '[1]',
    'null',
  ]) {
    const folder = t.testdir({ [LOCK_FILE]: left })
    const lock = await lockDataFolder(folder, 'a test')
    await t.rejects(lockDataFolder(folder, 'a test'), { message: `by process ${process.pid} ` })
    lock.release()
  }
})

t.test('what the owner has written is shown only where it can be read', async (t) => {
  const folder = t.testdir()
  const lock = await lockDataFolder(folder, 'a test')
  t.teardown(() => lock.release())
  for (const text of [
    '',
    '{',
    '{"pid":"1"}',
    '{"pid":1,"host":"a\\u001b[2J","what":"b","since":"c"}',
  ]) {
    writeFileSync(join(folder, LOCK_FILE), text)
    await t.rejects(lockDataFolder(folder, 'a test'), { message: /in use by another process\./ })
  }
})

t.test('deleting the lock file opens no way', async (t) => {
  const folder = t.testdir()
  const lock = await lockDataFolder(folder, 'a test')
  rmSync(join(folder, LOCK_FILE))
  await t.rejects(lockDataFolder(folder, 'a test'), new FolderInUseError(folder, null))
  lock.release()
  ;(await lockDataFolder(folder, 'a test')).release()
})

t.test('a file that is made again under our hands is locked as it is then', async (t) => {
  const folder = t.testdir()
  const path = join(folder, LOCK_FILE)
  let calls = 0
  const lock = await lockDataFolder(folder, 'a test', () => {
    if (++calls === 1) {
      rmSync(path)
      writeFileSync(path, '')
    }
    return true
  })
  t.equal(calls, 3, 'the old file, the new one, the folder')
  lock.release()
  const endless = () => {
    rmSync(path, { force: true })
    return true
  }
  await t.rejects(lockDataFolder(folder, 'a test', endless), { name: 'FolderInUseError' })
})

t.test('a file system without locks is named as such', async (t) => {
  const folder = t.testdir()
  const none = () => {
    throw new SystemCallError('flock', 'ENOLCK')
  }
  await t.rejects(lockDataFolder(folder, 'a test', none), {
    message: /cannot be locked: flock failed: ENOLCK\. Some network file systems/,
  })
  let calls = 0
  const filesAlone = () => {
    if (++calls > 1) throw new SystemCallError('flock', 'EBADF')
    return true
  }
  ;(await lockDataFolder(folder, 'a test', filesAlone)).release()
  const broken = () => {
    if (++calls > 3) throw new SystemCallError('flock', 'EIO')
    return true
  }
  await t.rejects(lockDataFolder(folder, 'a test', broken), { code: 'EIO' })
})

t.test('where something else has the lock file’s name, the error says so', async (t) => {
  const folder = t.testdir()
  mkdirSync(join(folder, LOCK_FILE))
  await t.rejects(lockDataFolder(folder, 'a test'), { code: 'EISDIR' })
  rmSync(join(folder, LOCK_FILE), { recursive: true })
  symlinkSync('/dev/null', join(folder, LOCK_FILE))
  await t.rejects(lockDataFolder(folder, 'a test'), { code: 'ELOOP' })
  rmSync(join(folder, LOCK_FILE))
  const made = spawn('mkfifo', [join(folder, LOCK_FILE)])
  await once(made, 'exit')
  await t.rejects(lockDataFolder(folder, 'a test'), { message: /is not a regular file/ })
})

t.test('flock(1) takes the same lock, for a machine without FFI', async (t) => {
  const folder = t.testdir()
  const lock = await lockDataFolder(folder, 'a test', lockByProgram)
  await t.rejects(lockDataFolder(folder, 'a test'), { message: `by process ${process.pid} ` })
  await t.rejects(lockDataFolder(folder, 'a test', lockByProgram), { name: 'FolderInUseError' })
  lock.release()
  const { PATH } = process.env
  process.env['PATH'] = ''
  t.teardown(() => {
    process.env['PATH'] = PATH
  })
  t.throws(() => lockByProgram(0), { message: /neither the package koffi nor/ })
})
