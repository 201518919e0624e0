import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SERVER } from '../lab/bench-network.ts'
import { pathOf } from '../lab/machine.ts'
import { runProgram } from '../lab/run-program.ts'
import type { Teardown } from '../lab/teardown.ts'
import type { FoundServer } from './bench-server.ts'

const FETCH_WITHIN_MS = 60_000
/** Its own limit is 100. */
const MAX_THREADS = 2_000

/**
 * atftpd: a thread for each transfer. Its package conflicts with that of tftpd-hpa, so where it is
 * not installed, it is fetched and unpacked into `dir`.
 */
export async function atftpd(dir: string, teardown: Teardown): Promise<FoundServer> {
  let program = pathOf('atftpd')
  try {
    program ??= await unpacked(dir, teardown)
  } catch {
    return { kind: 'missing', why: 'atftpd: not installed, and apt-get download atftpd failed' }
  }
  return {
    kind: 'found',
    server: {
      name: 'atftpd',
      version: `${await versionOf(program, teardown)}, a thread for each transfer, limit raised, no log`,
      prepare: ({ filesDir }) => ({ command: [program, ...OPTIONS, filesDir] }),
    },
  }
}

const OPTIONS = [
  '--daemon',
  '--no-fork',
  `--maxthread=${MAX_THREADS}`,
  `--bind-address=${SERVER.address}`,
  '--port=69',
  '--logfile=/dev/null',
]

async function unpacked(dir: string, teardown: Teardown): Promise<string> {
  const options = { timeoutMs: FETCH_WITHIN_MS, cwd: dir }
  // As ourselves: apt's own user may not write here.
  const fetch = ['apt-get', 'download', '-qq', '-o', 'APT::Sandbox::User=root', 'atftpd']
  await runProgram(teardown, fetch, options)
  const archive = readdirSync(dir).find((name) => /^atftpd_.*\.deb$/.test(name)) ?? ''
  await runProgram(teardown, ['dpkg', '-x', join(dir, archive), join(dir, 'atftpd')], options)
  return join(dir, 'atftpd/usr/sbin/atftpd')
}

async function versionOf(program: string, teardown: Teardown): Promise<string> {
  const said = await runProgram(teardown, [program, '--version'], { timeoutMs: FETCH_WITHIN_MS })
  return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? 'of unknown version'
}
