import t from 'tap'
import type { SocketEffect } from '../../../src/simulator/application/effect.ts'
import { flashRunning } from '../../../src/simulator/phone-flash.ts'
import type { PhoneQuirks } from '../../../src/simulator/phone-quirks.ts'
import { SimulatedPhone } from '../../../src/simulator/simulated-phone.ts'
import { decodeMessage } from '../../../src/wire/sccp/decode-message.ts'
import { ip, ScriptedBench } from '../../support/scripted-bench.ts'
import { readVectors } from '../../support/vector.ts'

const MAC = '000E325C9A43'
const US = ip('10.20.0.2')
const member = (host: string, port = 2000) =>
  `<ethernetPhonePort>${port}</ethernetPhonePort><processNodeName>${host}</processNodeName>`
const device = (...members: string[]) => `<device>${members.join('')}</device>`

function aPhone(
  load: string,
  xml: string | null = device(member('10.20.0.2')),
  quirks: Partial<PhoneQuirks> = {},
) {
  const flash = flashRunning(load)
  const phone = new SimulatedPhone({ mac: MAC as never, model: '7960', flash, quirks }, 1)
  const answer = (name: string) => (name.startsWith('SEP') && xml !== null ? xml : 'absent')
  const bench = new ScriptedBench(phone, { answer })
  bench.boot()
  return { phone, bench }
}

type Phone = ReturnType<typeof aPhone>

const sockets = ({ bench }: Phone): SocketEffect[] =>
  bench.effects.flatMap((effect) => (effect.kind === 'socket' ? [effect.effect] : []))

const said = (phone: Phone) =>
  sockets(phone).flatMap((effect) =>
    effect.kind === 'write' ? [{ ...decodeMessage(effect.bytes), bytes: effect.bytes }] : [],
  )

/** What a call manager says, from outside our encoder. */
const FRAMES = new Map(
  readVectors('sccp').map(({ name, bytes }) => [name.replace(/\.txt$/, ''), bytes]),
)
const frame = (name: string) => FRAMES.get(name) ?? t.fail(`no vector ${name}`)

const lastConnection = (phone: Phone) =>
  sockets(phone).findLast((effect) => effect.kind === 'connect')?.connection ?? 0

/** The call manager takes the connection and says these things. */
function serve(phone: Phone, ...names: readonly string[]): void {
  const connection = lastConnection(phone)
  for (const name of names) {
    const bytes = frame(name) as Uint8Array
    const news = { kind: 'bytes', connection, bytes } as const
    phone.bench.apply(phone.phone.onSocket(news, phone.bench.nowMs))
  }
}

function connect(phone: Phone): void {
  const wanted = sockets(phone).filter(({ kind }) => kind === 'connect').length + 1
  const isAsked = () => sockets(phone).filter(({ kind }) => kind === 'connect').length >= wanted
  if (lastConnection(phone) === 0) phone.bench.run(phone.bench.nowMs + 300_000, isAsked)
  const news = { kind: 'connected', connection: lastConnection(phone) } as const
  phone.bench.apply(phone.phone.onSocket(news, phone.bench.nowMs))
}

const TABLES = [
  'register-ack',
  'capabilities-request',
  'button-template',
  'soft-key-template',
  'soft-key-set',
  'line-stat',
  'forward-stat',
  'time-date',
]

t.test('registers as a 7960 does, each request after the answer before it', async (t) => {
  const phone = aPhone('P00307020200')
  const runsAtMs = phone.bench.nowMs
  connect(phone)
  t.ok(phone.bench.nowMs - runsAtMs < 5_000, 'less than 5 s after its last file')
  t.match(
    sockets(phone).find(({ kind }) => kind === 'connect'),
    { to: US, port: 2000 },
  )
  const [alarm, register] = said(phone)
  t.match(alarm, {
    kind: 'alarm',
    text: `25: Name=SEP${MAC} Load=7.2(2.0) Last=Initialized`,
  })
  t.equal(alarm?.bytes.length, 104)
  t.match(register, {
    kind: 'register',
    deviceName: `SEP${MAC}`,
    instance: 1,
    address: ip('10.20.0.61'),
    deviceType: 7,
    protocolVersion: 11,
  })
  t.equal(register?.bytes.length, 76, 'a frame of 76 octets (chan-sccp issue 548)')
  t.same([...(register?.bytes.subarray(0, 12) ?? [])], [68, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
  t.same([...(register?.bytes.subarray(52, 56) ?? [])], [0x0b, 0x00, 0x60, 0x85])
  serve(phone, ...TABLES)
  t.same(
    said(phone).map(({ kind }) => kind),
    [
      'alarm',
      'register',
      'ip-port',
      'capabilities',
      'version-request',
      'button-template-request',
      'soft-key-template-request',
      'soft-key-set-request',
      'line-stat-request',
      'forward-stat-request',
      'time-date-request',
    ],
  )
  t.match(phone.bench.of('phone.registered'), [{ protocol: 'sccp', server: US, name: `SEP${MAC}` }])
})

t.test('a load from before the universal loader says less; a 7940 is another type', async (t) => {
  const phone = aPhone('P00305000300')
  connect(phone)
  const [, register] = said(phone)
  t.match(register, { kind: 'register', protocolVersion: 4 })
  t.equal(register?.bytes.length, 56, 'payload of 44 octets')
})

t.test(
  'call managers are those of its file, in order; without a file the TFTP server',
  async (t) => {
    const two = aPhone('P00308000500', device(member('10.20.0.8', 2001), member('10.20.0.9')))
    const places = (phone: Phone) =>
      sockets(phone).flatMap((effect) =>
        effect.kind === 'connect' ? [{ to: effect.to, port: effect.port }] : [],
      )
    two.bench.run(two.bench.nowMs + 5_000)
    const news = { kind: 'hung-up', connection: lastConnection(two) } as const
    two.bench.apply(two.phone.onSocket(news, two.bench.nowMs))
    two.bench.run(two.bench.nowMs + 40_000)
    t.same(places(two), [
      { to: ip('10.20.0.8'), port: 2001 },
      { to: ip('10.20.0.9'), port: 2000 },
    ])
    const none = aPhone('P00308000500', null)
    none.bench.run(none.bench.nowMs + 5_000)
    t.same(places(none), [{ to: US, port: 2000 }])
    for (const phone of [
      aPhone('P00308000500', device(member('cm.example.net'))),
      aPhone('P00308000500', device(member('10.20.0.8', 70_000))),
      aPhone('P00308000500', device()),
    ]) {
      phone.bench.run(phone.bench.nowMs + 60_000)
      t.same(places(phone), [])
    }
  },
)

t.test('Reset is obeyed: 1 with DHCP, 2 without', async (t) => {
  const cases = [
    { message: 'reset', cause: 'call-manager-reset', code: '22', last: 'Reset-Reset', asks: true },
    {
      message: 'restart',
      cause: 'call-manager-restart',
      code: '23',
      last: 'reset-restart',
      asks: false,
    },
  ]
  for (const { message, cause, code, last, asks } of cases) {
    const phone = aPhone('P00308000500')
    connect(phone)
    serve(phone, ...TABLES)
    const [dhcp, requests] = [phone.bench.dhcp.length, phone.bench.requests.length]
    const askedAtMs = phone.bench.nowMs
    serve(phone, message)
    t.equal(said(phone).at(-1)?.kind, 'unregister')
    serve(phone, 'unregister-ack')
    t.equal(sockets(phone).filter(({ kind }) => kind === 'hang-up').length, 1)
    const isBack = () => lastConnection(phone) > 1
    phone.bench.run(askedAtMs + 60_000, isBack)
    const gapMs = phone.bench.nowMs - askedAtMs
    t.ok(gapMs > 12_000 && gapMs < 19_000, `${gapMs} ms, as CME logged`)
    t.equal(phone.bench.dhcp.length > dhcp, asks, 'DHCP')
    t.match(phone.bench.requests.slice(requests), [`CTLSEP${MAC}.tlv`, `SEP${MAC}.cnf.xml`])
    t.notOk(phone.bench.requests.slice(requests).some((name) => name.startsWith('SIP')))
    connect(phone)
    const text = `${code}: Name=SEP${MAC} Load=8.0(5.0) Last=${last}`
    t.match(phone.bench.of('phone.alarm.sent').at(-1), { text })
    t.match(phone.bench.of('phone.boot.started').at(-1), { cause })
  }
})

t.test('Reset goes through the loader where that is wanted, and always before it', async (t) => {
  for (const { load, quirks, first } of [
    { load: 'P00308000500', quirks: { resetReachesLoader: true }, first: `CTLSEP${MAC}.tlv` },
    { load: 'P00305000300', quirks: {}, first: 'OS79XX.TXT' },
  ]) {
    const phone = aPhone(load, device(member('10.20.0.2')), quirks)
    connect(phone)
    serve(phone, ...TABLES)
    const { length } = phone.bench.requests
    serve(phone, 'reset')
    phone.bench.run(phone.bench.nowMs + 60_000)
    const after = phone.bench.requests.slice(length)
    t.equal(after[0], first, load)
    const rounds = after.filter((name) => name === `SEP${MAC}.cnf.xml`).length
    t.equal(rounds, load === 'P00308000500' ? 2 : 1, 'loader and application')
  }
})

t.test('a phone that is told to wait for ever stays dark; the power brings it round', async (t) => {
  const phone = aPhone('P00308000500', undefined, { afterReset: 'stays-dark' })
  connect(phone)
  serve(phone, ...TABLES, 'reset', 'unregister-ack')
  phone.bench.run(phone.bench.nowMs + 600_000)
  t.equal(phone.phone.state, 'stopped')
  t.equal(phone.phone.address, null)
  phone.bench.boot()
  t.equal(phone.phone.state, 'running')
})

t.test('KeepAlive keeps it; three without an answer lose the call manager', async (t) => {
  const phone = aPhone('P00308000500')
  connect(phone)
  serve(phone, ...TABLES)
  const kinds = () => said(phone).filter(({ kind }) => kind === 'keep-alive').length
  for (let round = 1; round <= 3; round++) {
    phone.bench.run(phone.bench.nowMs + 30_000)
    t.equal(kinds(), round)
    serve(phone, 'keep-alive-ack')
  }
  const silentAtMs = phone.bench.nowMs
  const isLost = () => phone.bench.of('phone.registration.failed').length > 0
  phone.bench.run(silentAtMs + 300_000, isLost)
  t.equal(phone.bench.nowMs - silentAtMs, 120_000)
  phone.bench.run(phone.bench.nowMs + 31_000)
  t.equal(lastConnection(phone), 2)
  connect(phone)
  t.match(phone.bench.of('phone.alarm.sent').at(-1)?.text, /^10: .*Last=TCP-timeout$/)
})

t.test('the other end may hang up, or refuse', async (t) => {
  const phone = aPhone('P00308000500')
  connect(phone)
  serve(phone, ...TABLES)
  const news = { kind: 'hung-up', connection: lastConnection(phone) } as const
  phone.bench.apply(phone.phone.onSocket(news, phone.bench.nowMs))
  phone.bench.run(phone.bench.nowMs + 31_000)
  connect(phone)
  t.match(phone.bench.of('phone.alarm.sent').at(-1)?.text, /^14: /)
  serve(phone, 'register-reject')
  t.match(phone.bench.of('phone.registration.failed').at(-1), { reason: 'rejected' })
  t.ok(phone.bench.screens.length > 0, 'its reason is on the display')
})

t.test('a message of another size, or that it does not know, makes it start again', async (t) => {
  const cut = (name: string, payload: number) => {
    const bytes = new Uint8Array(12 + payload)
    bytes.set((frame(name) as Uint8Array).subarray(0, bytes.length))
    new DataView(bytes.buffer).setUint32(0, 4 + payload, true)
    return bytes
  }
  const number = (id: number) => Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, id, 0, 0, 0)
  const cases = [
    { bytes: cut('soft-key-template', 600), id: 0x108 },
    { bytes: cut('soft-key-set', 4), id: 0x109 },
    { bytes: cut('register-ack', 24), id: 0x81 },
    { bytes: number(87), id: 87 },
    { bytes: new Uint8Array(16), id: 0 },
  ]
  for (const { bytes, id } of cases) {
    const phone = aPhone('P00308000500')
    connect(phone)
    const news = { kind: 'bytes', connection: lastConnection(phone), bytes } as const
    phone.bench.apply(phone.phone.onSocket(news, phone.bench.nowMs))
    const text = `32: Name=SEP${MAC} Load=8.0(5.0) : Invalid SCCP message! : ID :${id}:`
    t.match(phone.bench.of('phone.alarm.sent').at(-1), { text })
    t.match(phone.bench.of('phone.boot.started').at(-1), { cause: 'bad-message' })
  }
})

t.test('what it did not ask for means nothing to it, nor a Reset of newer phones', async (t) => {
  const phone = aPhone('P00308000500')
  connect(phone)
  serve(phone, 'time-date', 'line-stat', 'version')
  t.same(phone.bench.of('phone.registered'), [])
  serve(phone, ...TABLES)
  const { length } = said(phone)
  const third = Uint8Array.from(frame('reset') as Uint8Array)
  third[12] = 3
  const news = { kind: 'bytes', connection: lastConnection(phone), bytes: third } as const
  phone.bench.apply(phone.phone.onSocket(news, phone.bench.nowMs))
  t.equal(said(phone).length, length)
})

t.test('a call manager that says nothing is given up after 30 s', async (t) => {
  const phone = aPhone('P00308000500')
  connect(phone)
  phone.bench.run(phone.bench.nowMs + 31_000)
  t.match(phone.bench.of('phone.registration.failed'), [{ reason: 'no answer' }])
})

t.test('power that goes away says nothing to the call manager', async (t) => {
  const phone = aPhone('P00308000500')
  connect(phone)
  serve(phone, ...TABLES)
  const { length } = said(phone)
  phone.bench.powerOn()
  t.equal(said(phone).length, length, 'no Unregister')
  const kinds = phone.bench.effects.map(({ kind }) => kind)
  t.ok(kinds.lastIndexOf('drop-address') < kinds.lastIndexOf('socket'), 'the address goes first')
})
