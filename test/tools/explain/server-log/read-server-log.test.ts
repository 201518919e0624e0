import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { formatIpv4 } from '../../../../src/net/ipv4.ts'
import { EventStore } from '../../../../src/tools/explain/event-store.ts'
import {
  readLogInto,
  readServerLog,
  type ServerLog,
} from '../../../../src/tools/explain/server-log/read-server-log.ts'
import type { ServerEvent } from '../../../../src/tools/explain/server-log/server-event.ts'
import { bytesAsSource } from '../../../../src/tools/explain/text-lines.ts'

const FOLDER = new URL('../../../vectors/server-log/', import.meta.url)
const YEAR = 2020

/** A vector: an origin, lines of a log, `---`, and what they tell, one event a line. */
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
const VECTORS = FILES.map((name) => {
  const [top = '', results = ''] = readFileSync(new URL(name, FOLDER), 'utf8').split(/^---\n/m)
  const [origin = '', ...lines] = top.split('\n')
  return { name, origin, log: lines.join('\n'), results: results.trim().split('\n') }
})

function described({ events, unknownLines, foreignLines }: ServerLog): readonly string[] {
  const foreign = foreignLines > 0 ? `, foreign ${foreignLines}` : ''
  return [...events.map(describe), `unknown ${unknownLines}${foreign}`]
}

function describe(event: ServerEvent): string {
  const at = event.clock === 'none' ? 'no time' : new Date(event.atMs).toISOString()
  const begin = `${at} ${event.kind}`
  if (event.kind === 'boot') return `${begin} ${event.mac} ${event.vendorClass ?? '-'}`
  if (event.kind === 'address') {
    return `${begin} ${event.mac} ${formatIpv4(event.address)} ${event.hostName ?? '-'}`
  }
  if (event.kind === 'dhcp') return `${begin} ${event.mac} ${event.outcome} ${event.reason}`.trim()
  if (event.kind === 'reply') return `${begin} ${event.mac} ${JSON.stringify(event.naming)}`
  if (event.kind === 'registration') return begin
  const port = 'port' in event && event.port !== undefined ? `:${event.port}` : ''
  const about = `${begin} ${formatIpv4(event.client)}${port} ${event.name}`
  if (event.kind === 'blocked') return `${about} ${event.by} ${event.reason}`
  if (event.kind !== 'ended') return about
  return `${about} ${event.outcome}${event.bytes === null ? '' : ` ${event.bytes}`}`
}

t.test('each log tells what its server meant', async (t) => {
  t.ok(VECTORS.length >= 7)
  for (const { name, origin, log, results } of VECTORS) {
    t.match(origin, /^origin: \S/, name)
    t.same(described(readServerLog(log, YEAR)), results, name)
    t.same(described(readServerLog(log.replaceAll('\n', '\r\n'), YEAR)), results, `${name}, CR LF`)
  }
})

t.test('every prefix of a log, and noise, is read without a fault and in time', async (t) => {
  const all = VECTORS.map(({ log }) => log).join('\n')
  for (let length = 0; length < all.length; length += 311) readServerLog(all.slice(0, length), YEAR)
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
  const results = [
    '1970-01-01T00:00:00.005Z address 000E84C060A6 192.0.2.1 -',
    '1970-01-01T00:00:00.005Z request 192.0.2.1 x',
    'unknown 0',
  ]
  t.same(described(readServerLog(JSON.stringify([event, 7]), YEAR)), results)
  t.same(
    described(readServerLog(JSON.stringify({ next: 2, events: [event] }, null, 1), YEAR)),
    results,
  )
  t.same(described(readServerLog('{"a":1}', YEAR)), ['unknown 1, foreign 1'])
})

t.test('a log without years that turns one goes on in the next', async (t) => {
  const line = (date: string) => `${date} h in.tftpd[1]: RRQ from 192.0.2.1 filename x\n`
  const { events } = readServerLog(line('Dec 31 23:59:59') + line('Jan  1 00:00:01'), YEAR)
  t.same(
    events.map(({ atMs }) => new Date(atMs).getUTCFullYear()),
    [2020, 2021],
  )
})

t.test('a line that names no device says nothing before a device was named', async (t) => {
  t.same(described(readServerLog('Successful.\n<x>: sent 1 blk, 2 bytes\n', YEAR)), ['unknown 0'])
  const named = 'Connection received from 192.0.2.1 on port 2\nSuccessful.\n'
  t.same(described(readServerLog(named, YEAR)), ['unknown 0'])
})

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
  const read = (times: number) => {
    const store = new EventStore(10)
    const source = bytesAsSource(Buffer.from(line.repeat(times)))
    const { lines, isCut } = readLogInto(source, YEAR, store)
    return { lines, isCut, kept: store.length }
  }
  t.same(read(9), { lines: 9, isCut: false, kept: 9 })
  t.same(read(20), { lines: 10, isCut: true, kept: 10 })
})

const LINE = 'in.tftpd[7]: RRQ from 192.0.2.1 filename x'

t.test('which lines ought to have been understood, and the first of them', async (t) => {
  const log = [
    'Nov 24 18:00:00 h cron[1]: nothing of ours',
    'Nov 24 18:00:00 h in.tftpd[1]: something new',
    'Nov 24 18:00:00 h other: asks for SIPDefault.cnf',
    '',
    `Nov 24 18:00:00 h ${LINE}`,
  ].join('\n')
  t.match(readServerLog(log, YEAR), {
    lines: 4,
    unknownLines: 3,
    foreignLines: 1,
    firstUnknown: 'Nov 24 18:00:00 h in.tftpd[1]: something new',
  })
  t.equal(readServerLog(LINE, YEAR).firstUnknown, null)
})

t.test('a log that begins with its newest line is turned round, with any line ends', async (t) => {
  const at = (second: number) => `2024-05-02T19:59:0${second} h ${LINE}${second}`
  const names = (text: string) =>
    readServerLog(text, YEAR).events.map((event) => ('name' in event ? event.name : ''))
  t.same(names([at(3), at(2), at(1)].join('\n')), ['x1', 'x2', 'x3'])
  t.same(names([at(3), at(2), at(1), ''].join('\r\n')), ['x1', 'x2', 'x3'])
  t.same(
    names([at(1), at(3), at(2), at(4)].join('\n')),
    ['x1', 'x3', 'x2', 'x4'],
    'mostly forwards',
  )
  t.same(names([at(2), at(2), LINE].join('\n')), ['x2', 'x2', 'x'])
  const long = Array.from({ length: 2_100 }, (_, index) => at(index % 2)).join('\n')
  t.equal(names(long).length, 2_100)
})

t.test('events of ours among lines without times keep theirs', async (t) => {
  const own = JSON.stringify({
    event: 'tftp.transfer.started',
    time: 5,
    client: '192.0.2.1',
    name: 'x',
  })
  t.match(readServerLog(`${own}\n${LINE}`, YEAR).events, [{ atMs: 5 }, { clock: 'none' }])
  t.match(readServerLog('{broken\n{"a":1}', YEAR), { unknownLines: 2 })
})

t.test('a DHCP line that leaves out its device says nothing before one was named', async (t) => {
  t.match(readServerLog('Previously allocated address 192.0.2.61 acked', YEAR), { events: [] })
})

t.test('ends of transfers without a known device are kept within bounds', async (t) => {
  const line = (text: string) => `Jan 14 11:02:10 h atftpd[7]: ${text}\n`
  const serve = (name: string) => line(`Serving ${name} to 192.0.2.1:5`)
  const ends = line('End of transfer').repeat(70)
  const log = serve('a') + serve('b') + ends + line('File /srv/a not found')
  const { events } = readServerLog(log, YEAR)
  t.match(events.at(-1), { kind: 'ended', name: 'b', outcome: 'completed' })
  t.equal(events.filter(({ kind }) => kind === 'ended').length, 1)
  const other = serve('c') + line('File /srv/c not found')
  const unclear = serve('a') + serve('b') + ends + other.replaceAll('[7]', '[8]')
  t.equal(readServerLog(unclear, YEAR).events.length, 4, 'another process settles nothing')
  const write = line('tftpd: write: Operation not permitted')
  t.equal(readServerLog(serve('a') + serve('b') + write, YEAR).events.length, 2)
})

t.test('memories of clients are kept in bounds', async (t) => {
  const client = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  const aborted = Array.from(
    { length: 1_030 },
    (_, index) => `dnsmasq-tftp: error 0 x received from ${client(index)}\n`,
  )
  const failed = (index: number) => `dnsmasq-tftp: failed sending /x to ${client(index)}\n`
  const { events } = readServerLog(aborted.join('') + failed(1) + failed(1_029), YEAR)
  t.match(events, [{}, { outcome: 'unheard' }, {}, { outcome: 'failed' }])
  const grants = Array.from({ length: 65_540 }, (_, index) => {
    const mac = index
      .toString(16)
      .padStart(12, '0')
      .replace(/..(?=.)/g, '$&:')
    return `dnsmasq-dhcp: DHCPACK(eth0) ${client(index)} ${mac}\n`
  })
  const absent = (mac: string) => `dnsmasq-tftp: file /x/CTLSEP${mac}.tlv not found\n`
  const log = grants.join('') + absent('000000010003') + absent('000000000001')
  t.match(readServerLog(log, YEAR).events.slice(-4), [
    { client: 0x0a010003 },
    {},
    { client: 0x0a010003 },
    {},
  ])
})

t.test('an end that is told twice is one', async (t) => {
  const log = "Sending 'x' file to 192.0.2.1\nSuccessful.\nSuccessful.\n"
  t.equal(readServerLog(log, YEAR).events.length, 2)
})

t.test('entries of a journal that go back a year keep their own times', async (t) => {
  const entry = (seconds: number) =>
    `{"MESSAGE":"RRQ from 192.0.2.1 filename x","__REALTIME_TIMESTAMP":"${seconds}000000"}\n`
  const { events } = readServerLog(entry(40_000_000) + entry(40_000_001) + entry(1), YEAR)
  t.same(
    events.map(({ atMs }) => atMs),
    [40_000_000_000, 40_000_001_000, 1_000],
  )
})

t.test('forms with nothing in them are no fault', async (t) => {
  t.match(readServerLog('2024-05-02T19:59:51\t \t\n', YEAR), { unknownLines: 1, events: [] })
  const line = `1 2026-11-29T10:00:00Z h - - - - RRQ from 192.0.2.1 filename x`
  t.match(readServerLog(line, YEAR).events, [{ kind: 'request', name: 'x' }])
})
