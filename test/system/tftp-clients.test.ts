import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { anOpenTftpEndpoint } from '../support/a-tftp-endpoint.ts'
import { numbered } from '../support/tftp-lab.ts'

const run = promisify(execFile)
const SIZES = [0, 1, 511, 512, 513, 1 << 20, (1 << 25) + 70_000]
const TEXT = Buffer.from('phone_label: "Lab"\nline1_name: 1201\n\r\nend')
const FILES = {
  ...Object.fromEntries(SIZES.map((size) => [`of-${size}`, numbered(size)])),
  'SIPDefault.cnf': TEXT,
}
/** A file of 33 MB in blocks of 512, while others use the machine. */
const PATIENCE_MS = 120_000

/** Debian's clients: how each gets a file, and in what it is special. */
type Client = {
  readonly name: string
  readonly probe: readonly string[]
  readonly get: (file: string, to: string, port: number) => readonly string[]
}

const HOST = '127.0.0.1'
const CLIENTS: readonly Client[] = [
  {
    name: 'busybox tftp',
    probe: ['busybox', '--list'],
    get: (file, to, port) => ['busybox', 'tftp', '-g', '-r', file, '-l', to, HOST, `${port}`],
  },
  {
    name: 'busybox tftp, blksize 1428',
    probe: ['busybox', '--list'],
    get: (file, to, port) => {
      return ['busybox', 'tftp', '-b', '1428', '-g', '-r', file, '-l', to, HOST, `${port}`]
    },
  },
  {
    name: 'tftp-hpa',
    probe: ['tftp', '-V'],
    get: (file, to, port) => ['tftp', HOST, `${port}`, '-m', 'binary', '-c', 'get', file, to],
  },
  {
    name: 'atftp',
    probe: ['atftp', '--version'],
    get: (file, to, port) => ['atftp', '-g', '-r', file, '-l', to, HOST, `${port}`],
  },
  {
    name: 'atftp, blksize 1428, windowsize 8, tsize, timeout',
    probe: ['atftp', '--version'],
    get: (file, to, port) => {
      const options = ['blksize 1428', 'windowsize 8', 'tsize 0', 'timeout 2']
      const asked = options.flatMap((option) => ['--option', option])
      return ['atftp', ...asked, '-g', '-r', file, '-l', to, HOST, `${port}`]
    },
  },
  {
    name: 'curl',
    probe: ['curl', '--version'],
    get: (file, to, port) => ['curl', '-sS', '-o', to, `tftp://${HOST}:${port}/${file}`],
  },
  {
    name: 'curl without options',
    probe: ['curl', '--version'],
    get: (file, to, port) => {
      return ['curl', '-sS', '--tftp-no-options', '-o', to, `tftp://${HOST}:${port}/${file}`]
    },
  },
]

const ALL_ZERO = {
  complete: 0,
  'timed-out': 0,
  'never-acknowledged': 0,
  'client-error': 0,
  restarted: 0,
  displaced: 0,
  stopped: 0,
}

t.setTimeout(900_000)

for (const client of CLIENTS) {
  t.test(`${client.name} gets every file, octet by octet`, async (t) => {
    if (!(await isThere(client))) return void t.comment(`left out: ${client.name} is not installed`)
    const { listener, endpoint, faults } = await anOpenTftpEndpoint(t, FILES, {
      maxBlockSize: 1468,
    })
    const folder = aFolder(t)
    for (const size of SIZES) {
      if (size === 0 && client.name === 'curl') {
        t.comment(
          'left out: curl takes a tsize of 0 for a fault, an empty file needs --tftp-no-options',
        )
        continue
      }
      const to = join(folder, `got-${size}`)
      // tftp-hpa and curl make no file of an empty one.
      writeFileSync(to, '')
      await call(client.get(`of-${size}`, to, listener.port))
      t.ok(readFileSync(to).equals(Buffer.from(numbered(size))), `${size} octets`)
    }
    const { outcomes, repeats } = endpoint.server.counters()
    t.same({ ...outcomes, complete: 0 }, ALL_ZERO, 'each was completed')
    t.comment(`${outcomes.complete} transfers, ${repeats} packets sent again`)
    t.same(faults, [])
  })

  t.test(`${client.name} is told that a file does not exist`, async (t) => {
    if (!(await isThere(client))) return void t.comment(`left out: ${client.name} is not installed`)
    const { listener, endpoint } = await anOpenTftpEndpoint(t, FILES)
    const beganAtMs = performance.now()
    await call(client.get('absent', join(aFolder(t), 'got'), listener.port)).catch(() => undefined)
    t.ok(performance.now() - beganAtMs < 4000, 'at once, not after a timeout')
    t.match(endpoint.server.counters(), { absent: 1, running: 0 })
  })
}

t.test('tftp-hpa gets text in netascii as it is', async (t) => {
  const ascii: Client = {
    name: 'tftp-hpa, ascii',
    probe: ['tftp', '-V'],
    get: (file, to, port) => ['tftp', HOST, `${port}`, '-m', 'ascii', '-c', 'get', file, to],
  }
  if (!(await isThere(ascii))) return void t.comment('left out: tftp-hpa is not installed')
  const { listener } = await anOpenTftpEndpoint(t, FILES)
  const to = join(aFolder(t), 'got')
  await call(ascii.get('sipdefault.cnf', to, listener.port))
  t.equal(readFileSync(to, 'utf8'), TEXT.toString())
})

t.test('tftp-hpa is refused to write', async (t) => {
  if (!(await isThere({ probe: ['tftp', '-V'] }))) {
    return void t.comment('left out: tftp-hpa is not installed')
  }
  const { listener, endpoint } = await anOpenTftpEndpoint(t, FILES)
  const from = join(aFolder(t), 'new')
  writeFileSync(from, 'x')
  const put = ['tftp', HOST, `${listener.port}`, '-m', 'binary', '-c', 'put', from, 'new']
  const { stdout, stderr } = await call(put).catch((error) => error)
  t.match(`${stdout}${stderr}`, /code 2/i)
  t.match(endpoint.server.counters(), { refused: 1, running: 0 })
})

function call([command = '', ...argv]: readonly string[]) {
  return run(command, argv, { timeout: PATIENCE_MS })
}

async function isThere({ probe }: Pick<Client, 'probe'>): Promise<boolean> {
  try {
    await call(probe)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ENOENT'
  }
}

function aFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'tftp-clients-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}
