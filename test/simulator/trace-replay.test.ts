import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { replayIdentity } from '../../src/simulator/replay-identity.ts'
import { replayPlan } from '../../src/simulator/replay-plan.ts'
import { ReplayedPhone } from '../../src/simulator/replayed-phone.ts'
import { macsIn, TraceReplay, traceOf } from '../../src/simulator/trace-replay.ts'
import { MessageType } from '../../src/wire/dhcp/message.ts'
import { readTrace, type Trace } from '../../src/wire/trace/read-trace.ts'
import { fieldTrace, fieldTraceNames } from '../support/field-trace.ts'
import { type BenchScript, ip, ScriptedBench } from '../support/scripted-bench.ts'

const MAC = '001DA20A0004' as Mac

function aTrace(...events: readonly object[]): Trace {
  const header = { trace: 'made', phone: '7960', generation: ['ual-loader'] }
  return readTrace([header, ...events].map((one) => JSON.stringify(one)).join('\n'))
}

function aReplay(
  trace: Trace,
  answer: BenchScript['answer'],
  {
    speed = 1,
    server = null as string | null,
    ...script
  }: Partial<BenchScript> & { speed?: number; server?: string | null } = {},
) {
  const replay = new TraceReplay(trace, speed)
  const identity = replayIdentity(trace, MAC)
  const phone = new ReplayedPhone({ identity, replay, server: server === null ? null : ip(server) })
  const bench = new ScriptedBench(phone, { answer, ...script })
  bench.powerOn()
  return { replay, phone, bench }
}

const ended = (bench: ScriptedBench) => () => bench.of('phone.replay.ended').length > 0

t.test(
  'the requests of every field trace are sent again, at its times and from its ports',
  async (t) => {
    for (const name of fieldTraceNames()) {
      const trace = fieldTrace(name)
      const { bench } = aReplay(trace, () => 'absent', { speed: 4, server: '10.20.0.2' })
      bench.run(3_600_000, ended(bench))
      t.equal(ended(bench)(), true, name)
      const rrqs = trace.events.filter(({ kind }) => kind === 'rrq')
      const found = bench.sent.map(({ atMs, name, port }) => [(atMs * 4) / 1000, name, port])
      if (rrqs.length > 0)
        t.same(
          found,
          rrqs.map(({ t, name, port }) => [t, name, port]),
          name,
        )
      t.same(bench.dhcp, [], 'nobody was asked for an address')
    }
  },
)

t.test('files are acknowledged to their end, and what differs is told', async (t) => {
  const trace = aTrace(
    { t: 0, kind: 'rrq', name: 'a', port: 50_000 },
    { t: 0, kind: 'done', name: 'a', port: 50_000 },
    { t: 1, kind: 'rrq', name: 'b', port: 50_001 },
    { t: 1, kind: 'error', name: 'b', port: 50_001 },
    { t: 2, kind: 'rrq', name: 'c', port: 50_002 },
    { t: 2, kind: 'answered', name: 'c', port: 50_002 },
    { t: 3, kind: 'rrq', name: 'd', port: 50_003 },
  )
  const asTraced: Record<string, string> = { a: 'x'.repeat(1_200) }
  const same = aReplay(trace, (name) => asTraced[name] ?? 'absent')
  same.bench.run(600_000, ended(same.bench))
  t.match(same.replay.requests, [
    { name: 'a', inTrace: 'file', here: { kind: 'file', sizeBytes: 1_200 }, isDifferent: false },
    {
      name: 'b',
      inTrace: 'error',
      here: { kind: 'error', detail: 'ERROR 1 no' },
      isDifferent: false,
    },
    { name: 'c', inTrace: 'answered', here: { kind: 'error' }, isDifferent: false },
    { name: 'd', inTrace: 'unknown', here: { kind: 'error' }, isDifferent: false },
  ])
  const others: Record<string, string> = { b: 'x' }
  const other = aReplay(trace, (name) => others[name] ?? (name === 'c' ? 'silence' : 'absent'))
  other.bench.run(600_000, ended(other.bench))
  t.same(
    other.replay.requests.map(({ here, isDifferent }) => [here.kind, isDifferent]),
    [
      ['error', true],
      ['file', true],
      ['silence', true],
      ['error', false],
    ],
  )
})

t.test('what the phone did not hear is not acknowledged; its repeats are sent', async (t) => {
  const trace = aTrace(
    { t: 0, kind: 'rrq', name: 'a', port: 50_000 },
    { t: 1, kind: 'rrq', name: 'a', port: 50_000, repeat: true },
    { t: 5, kind: 'rrq', name: 'a', port: 50_000, repeat: true },
    { t: 9, kind: 'rrq', name: 'a', port: 50_001 },
    { t: 12, kind: 'server-timeout', name: 'a', port: 50_001 },
  )
  const { bench, replay } = aReplay(trace, () => 'x'.repeat(600))
  const blocks = () => bench.effects.filter(({ kind }) => kind === 'tftp-send').length
  bench.run(600_000, ended(bench))
  t.same(
    bench.sent.map(({ atMs }) => Math.round(atMs / 1000)),
    [0, 1, 5, 9],
  )
  t.equal(blocks(), 4, 'requests and nothing else')
  t.match(replay.requests, [
    { inTrace: 'unheard', here: { kind: 'begun' }, isDifferent: false },
    { inTrace: 'unheard', here: { kind: 'begun' }, isDifferent: false },
  ])
  const refused = aReplay(trace, () => 'absent')
  refused.bench.run(600_000, ended(refused.bench))
  t.match(refused.replay.requests[0]?.here, { kind: 'error', detail: 'ERROR 1' })
})

t.test('an image that the phone gave up is given up, and nothing else of it', async (t) => {
  const trace = fieldTrace('seed-2002-refused-image')
  t.same(
    replayPlan(trace).map(({ t, name, answer }) => [t, name, answer]),
    [
      [0, 'OS79XX.TXT', 'file'],
      [0, 'P0S30300.bin', 'given-up'],
      [9, 'P0S30300.bin', 'given-up'],
      [19, 'P0S30300.bin', 'given-up'],
    ],
  )
  const { bench, replay } = aReplay(trace, (name) =>
    name.endsWith('.bin') ? new Uint8Array(400_000) : 'x',
  )
  bench.run(600_000, ended(bench))
  t.match(
    replay.requests.map(({ here }) => here.kind),
    ['file', 'begun', 'begun', 'begun'],
  )
  const absent = aReplay(trace, () => 'absent')
  absent.bench.run(600_000, ended(absent.bench))
  t.same(
    absent.replay.requests.map(({ isDifferent }) => isDifferent),
    [true, true, true, true],
  )
})

t.test('a log of ends alone tells of requests by them', async (t) => {
  const plan = replayPlan(fieldTrace('other-79x1-http-repeats'))
  t.equal(plan.length, 13)
  t.match(plan[0], { t: 0, name: 'CTLSEP001E4A0A0019.tlv', answer: 'error' })
  const late = aTrace(
    { t: 0, kind: 'aborted', name: 'a', port: 1 },
    { t: 1, kind: 'sip-200', name: 'b' },
    { t: 2, kind: 'rrq', name: 'c', port: 2 },
  )
  t.match(replayPlan(late), [{ name: 'c' }], 'what began before the log, and other protocols')
  t.equal(replayPlan(late).length, 1)
  const twice = aTrace(
    { t: 0, kind: 'rrq', name: 'a', port: 1_024 },
    { t: 0, kind: 'done', name: 'a', port: 1_024 },
    { t: 1, kind: 'done', name: 'a', port: 1_024 },
    { t: 2, kind: 'rrq', name: 'a', port: 1_025, repeat: true },
    { t: 3, kind: 'error', name: 'a' },
  )
  t.same(
    replayPlan(twice).map(({ answer }) => answer),
    ['file', 'error'],
  )
})

t.test('an address by DHCP first, and files from the server that DHCP names', async (t) => {
  const { bench, phone } = aReplay(fieldTrace('jh-n-conversion'), () => 'absent')
  bench.run(30_000)
  t.match(bench.of('phone.address.taken'), [
    { address: ip('10.20.0.61'), tftpServers: [ip('10.20.0.2')] },
  ])
  t.match(phone.address, ip('10.20.0.61'))
  t.ok(bench.sent.length > 5)
  const sent = bench.sent.length
  const open = bench.effects.filter(({ kind }) => kind === 'tftp-open').length
  bench.apply(phone.powerOff())
  t.equal(bench.effects.filter(({ kind }) => kind === 'tftp-close').length, open)
  bench.run(600_000)
  t.equal(bench.sent.length, sent, 'and nothing without power')
  t.equal(phone.address, null)
  t.same(
    [phone.reset(), phone.factoryReset(), phone.checkSync(), phone.onDhcp(new Uint8Array(1), 0)],
    [[], [], [], []],
  )
  t.match(phone.powerOff(), [{ kind: 'wake', atMs: null }])
})

t.test(
  'without a server in DHCP nothing is asked; a lease is renewed, and taken again',
  async (t) => {
    const nobody = aReplay(fieldTrace('jh-n-conversion'), () => 'absent', { options: [] })
    nobody.bench.run(30_000)
    t.same(nobody.bench.sent, [])
    let refuses = false
    const dhcp: BenchScript['dhcp'] = (message) => {
      const type = message.options.get(53)?.[0]
      if (type === MessageType.discover) return MessageType.offer
      if (type !== MessageType.request) return null
      return refuses ? MessageType.nak : MessageType.ack
    }
    const { bench } = aReplay(fieldTrace('jh-e-conversion'), () => 'absent', {
      dhcp,
      leaseSeconds: 200,
    })
    bench.run(150_000)
    t.equal(bench.dhcp.length, 3, 'renewed at half time')
    refuses = true
    bench.run(250_000)
    refuses = false
    bench.run(300_000)
    t.ok(bench.effects.some(({ kind }) => kind === 'drop-address'))
    t.ok(bench.of('phone.address.taken').length >= 2)
    bench.run(1_000_000)
    const polls = bench.sent.filter(({ atMs }) => atMs > 400_000)
    t.ok(polls.length > 5, 'the trace goes on')
  },
)

t.test('the MAC address of a trace, and another in its place', async (t) => {
  t.same(macsIn(fieldTrace('jh-l-conversion')), [MAC])
  t.same(macsIn(fieldTrace('cmedbg-two-phones')).length, 2)
  t.same(macsIn(fieldTrace('teo-2-sip812-boot')), ['000E840A0010'], 'behind ./ too')
  t.same(macsIn(fieldTrace('other-java-journal')), ['00aaaaaaaaab'])
  const other = traceOf(fieldTrace('jh-l-conversion'), '020000000001')
  t.same(macsIn(other), ['020000000001'])
  const seed = fieldTrace('seed-2002-refused-image')
  t.equal(traceOf(seed, '020000000001'), seed)
})

t.test('the phone of a trace introduces itself as its software does', async (t) => {
  const classes = (name: string) => replayIdentity(fieldTrace(name), MAC).vendorClass
  t.equal(classes('seed-2002-refused-image'), 'Cisco Systems, Inc. IP Phone\0')
  t.equal(classes('jh-l-conversion'), 'Cisco Systems, Inc. IP Phone CP-7940G\0')
  t.equal(classes('other-7921-boot'), 'Cisco Systems, Inc. IP Phone CP-7921G\0')
  const bare = readTrace('{"trace":"x"}\n{"t":0,"kind":"rrq","name":"a"}')
  t.match(replayIdentity(bare, MAC), { vendorClass: /CP-7960G/, hostName: `SEP${MAC}` })
  t.equal(replayIdentity(fieldTrace('teo-3-sip812-dhcp-register'), MAC).hostName, `SIP${MAC}`)
})
