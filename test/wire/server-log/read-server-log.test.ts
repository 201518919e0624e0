import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { formatIpv4 } from '../../../src/net/ipv4.ts'
import {
  MOST_EVENTS,
  readServerLog,
  type ServerLog,
} from '../../../src/wire/server-log/read-server-log.ts'
import type { ServerEvent } from '../../../src/wire/server-log/server-event.ts'

const FOLDER = new URL('../../vectors/server-log/', import.meta.url)
const YEAR = 2020

/** A vector: an origin, lines of a log, `---`, and what they tell, one event a line. */
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
const VECTORS = FILES.map((name) => {
  const [top = '', told = ''] = readFileSync(new URL(name, FOLDER), 'utf8').split(/^---\n/m)
  const [origin = '', ...lines] = top.split('\n')
  return { name, origin, log: lines.join('\n'), told: told.trim().split('\n') }
})

function described({ events, unknownLines }: ServerLog): readonly string[] {
  return [...events.map(describe), `unknown ${unknownLines}`]
}

function describe(event: ServerEvent): string {
  const begin = `${new Date(event.atMs).toISOString()} ${event.kind}`
  if (event.kind === 'boot') return `${begin} ${event.mac} ${event.vendorClass ?? '-'}`
  if (event.kind === 'address') {
    return `${begin} ${event.mac} ${formatIpv4(event.address)} ${event.hostName ?? '-'}`
  }
  if (event.kind === 'dhcp') return `${begin} ${event.mac} ${event.outcome} ${event.reason}`.trim()
  if (event.kind === 'told') return `${begin} ${event.mac} ${JSON.stringify(event.naming)}`
  const about = `${begin} ${formatIpv4(event.client)} ${event.name}`
  if (event.kind !== 'ended') return about
  return `${about} ${event.outcome}${event.bytes === null ? '' : ` ${event.bytes}`}`
}

t.test('each log tells what its server meant', async (t) => {
  t.ok(VECTORS.length >= 7)
  for (const { name, origin, log, told } of VECTORS) {
    t.match(origin, /^origin: \S/, name)
    t.same(described(readServerLog(log, YEAR)), told, name)
    t.same(described(readServerLog(log.replaceAll('\n', '\r\n'), YEAR)), told, `${name}, CR LF`)
  }
})

t.test('every prefix of a log, and noise, is read without a fault and in time', async (t) => {
  const all = VECTORS.map(({ log }) => log).join('\n')
  for (let length = 0; length < all.length; length += 37) readServerLog(all.slice(0, length), YEAR)
  const noise = Array.from({ length: 20_000 }, (_, index) =>
    String.fromCharCode((index * 7919) % 256),
  )
  const beganAtMs = performance.now()
  readServerLog(noise.join(''), YEAR)
  readServerLog(`RRQ from ${' '.repeat(100_000)}`, YEAR)
  readServerLog(`sent ${'x to '.repeat(50_000)}`, YEAR)
  t.ok(performance.now() - beganAtMs < 5_000)
})

t.test('events of ours come as a list as well, with what they say in fields', async (t) => {
  const event = {
    atMs: 5,
    event: 'tftp.transfer.started',
    mac: '000E84C060A6',
    fields: { client: '192.0.2.1', name: 'x' },
  }
  const told = [
    '1970-01-01T00:00:00.005Z address 000E84C060A6 192.0.2.1 -',
    '1970-01-01T00:00:00.005Z request 192.0.2.1 x',
    'unknown 0',
  ]
  t.same(described(readServerLog(JSON.stringify([event, 7]), YEAR)), told)
  t.same(
    described(readServerLog(JSON.stringify({ next: 2, events: [event] }, null, 1), YEAR)),
    told,
  )
  t.same(described(readServerLog('{"a":1}', YEAR)), ['unknown 1'])
})

t.test('a log without years that turns one goes on in the next', async (t) => {
  const line = (date: string) => `${date} h in.tftpd[1]: RRQ from 192.0.2.1 filename x\n`
  const { events } = readServerLog(line('Dec 31 23:59:59') + line('Jan  1 00:00:01'), YEAR)
  t.same(
    events.map(({ atMs }) => new Date(atMs).getUTCFullYear()),
    [2020, 2021],
  )
})

t.test(
  'a line that leaves out whom it is about says nothing before anybody was named',
  async (t) => {
    t.same(described(readServerLog('Successful.\n<x>: sent 1 blk, 2 bytes\n', YEAR)), ['unknown 0'])
    const named = 'Connection received from 192.0.2.1 on port 2\nSuccessful.\n'
    t.same(described(readServerLog(named, YEAR)), ['unknown 0'])
  },
)

t.test('a zone west of Greenwich is taken off, too', async (t) => {
  const line = '2020-11-24T18:00:00-0130 h in.tftpd[1]: RRQ from 192.0.2.1 filename x'
  t.same(described(readServerLog(line, YEAR))[0], '2020-11-24T19:30:00.000Z request 192.0.2.1 x')
})

t.test('of so many processes it is known what they were asked, and not of more', async (t) => {
  const line = (process: number, text: string) => `Nov 24 22:55:19 in.tftpd[${process}]: ${text}`
  const ask = (process: number) => line(process, `RRQ from 192.0.2.61 filename of-${process}`)
  const refuse = line(1, 'sending NAK (1, File not found) to 192.0.2.61')
  const answeredAfter = (others: number) => {
    const asked = Array.from({ length: others + 1 }, (_, index) => ask(index + 1))
    return readServerLog([...asked, refuse].join('\n'), YEAR).events.at(-1)
  }
  t.match(answeredAfter(4095), { kind: 'absent', name: 'of-1' })
  t.match(answeredAfter(4096), { kind: 'absent', name: 'of-4097' }, 'the newest of the client')
})

t.test('colons alone are no hardware address', async (t) => {
  const said = 'ALLOC_ENGINE_V4_ALLOC_FAIL_CLASSES [hwtype=1 :::::::::::::::::]: VENDOR_CLASS_x'
  t.match(readServerLog(`Nov 24 22:55:19 kea-dhcp4: ${said}`, YEAR), { events: [] })
})

t.test('a log without end is read up to its bound, and says so', async (t) => {
  const line = 'Nov 24 18:00:00 h in.tftpd[1]: RRQ from 192.0.2.1 filename x\n'
  const whole = readServerLog(line.repeat(10), YEAR)
  t.match([whole.events.length, whole.isCut], [10, false])
  const cut = readServerLog(line.repeat(MOST_EVENTS + 10), YEAR)
  t.match([cut.events.length, cut.isCut], [MOST_EVENTS, true])
})
