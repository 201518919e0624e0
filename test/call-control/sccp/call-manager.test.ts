import t from 'tap'
import type { Caller } from '../../../src/call-control/callers.ts'
import type { SccpEffect } from '../../../src/call-control/effect.ts'
import { RegistrationTable } from '../../../src/call-control/registration-table.ts'
import { SccpCallManager } from '../../../src/call-control/sccp/call-manager.ts'
import { MOST_SESSIONS } from '../../../src/call-control/sccp/session-table.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { decodeMessage } from '../../../src/wire/sccp/decode-message.ts'
import { encodeMessage } from '../../../src/wire/sccp/encode-message.ts'
import type { Register, SccpMessage } from '../../../src/wire/sccp/message.ts'
import {
  AT,
  callersOf,
  ELSEWHERE,
  eventsOf,
  onePhone,
  PHONE,
  refusalsOf,
  US,
} from '../../support/call-control.ts'
import { bytes } from '../../support/vector.ts'

const REGISTER: Register = {
  kind: 'register',
  deviceName: `SEP${PHONE}`,
  userId: 0,
  instance: 1,
  address: AT,
  deviceType: 7,
  maxStreams: 0,
  activeStreams: 0,
  protocolVersion: 11,
  features: bytes('006085'),
  rest: new Uint8Array(20),
}
const ALARM: SccpMessage = {
  kind: 'alarm',
  severity: 2,
  text: `22: Name=SEP${PHONE} Load=7.2(2.0) Last=Reset-Reset`,
  parameter1: 0,
  parameter2: 0,
}

/** A call manager and a phone that talks to it. */
function aCallManager(callers = onePhone()) {
  const table = new RegistrationTable()
  const manager = new SccpCallManager(callers, table)
  return {
    table,
    manager,
    connect: (session: number, client = AT, nowMs = 0) =>
      manager.onConnect({ session, client, local: US, localPort: 2000 }, nowMs),
    say: (session: number, message: SccpMessage, nowMs = 0) =>
      manager.onBytes(session, encodeMessage(message), nowMs),
  }
}

function sentIn(effects: readonly SccpEffect[]): readonly SccpMessage[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [decodeMessage(effect.bytes)] : []))
}

const kindsOf = (effects: readonly SccpEffect[]) => sentIn(effects).map(({ kind }) => kind)

t.test('a phone says Alarm and Register, and is registered', async (t) => {
  const { table, connect, say } = aCallManager()
  t.same(connect(1), [])
  t.match(say(1, ALARM, 1000), [{ kind: 'alarm', mac: PHONE, code: 22, atMs: 1000 }])
  const effects = say(1, REGISTER, 1004)
  t.same(kindsOf(effects), ['register-ack', 'capabilities-request'])
  t.same(eventsOf(effects), ['phone.registered'])
  t.match(
    effects.find(({ kind }) => kind === 'evidence'),
    { mac: PHONE, protocol: 'sccp', version: '7.2(2.0)', load: 'P00307020200', atMs: 1004 },
  )
  t.same(table.get(PHONE, 1004), {
    mac: PHONE,
    protocol: 'sccp',
    version: '7.2(2.0)',
    load: 'P00307020200',
    userAgent: null,
    address: AT,
    registeredAtMs: 1004,
    expiresAtMs: 91_004,
    lastReset: 'Reset-Reset',
    lastResetCode: 22,
  })
})

t.test('an Alarm after the Register completes it', async (t) => {
  const { table, connect, say } = aCallManager()
  connect(1)
  say(1, REGISTER)
  t.equal(table.get(PHONE, 0)?.version, null)
  const effects = say(1, ALARM, 4)
  t.same(eventsOf(effects), [])
  t.match(effects, [
    { kind: 'alarm' },
    { kind: 'store' },
    { kind: 'evidence', version: '7.2(2.0)' },
  ])
})

t.test(
  'the RegisterAck speaks no newer version than the phone, with the features of it',
  async (t) => {
    const cases = [
      { phone: 0, agreed: 0, features: '000000' },
      { phone: 3, agreed: 3, features: '000000' },
      { phone: 4, agreed: 4, features: '20f1fe' },
      { phone: 10, agreed: 10, features: '20f1fe' },
      { phone: 11, agreed: 11, features: '20f1ff' },
      { phone: 17, agreed: 11, features: '20f1ff' },
    ]
    for (const { phone, agreed, features } of cases) {
      const { connect, say } = aCallManager()
      connect(1)
      const [ack] = sentIn(say(1, { ...REGISTER, protocolVersion: phone }))
      t.match(ack, { protocolVersion: agreed, keepAliveSeconds: 30, secondaryKeepAliveSeconds: 60 })
      t.same(ack?.kind === 'register-ack' && Buffer.from(ack.features).toString('hex'), features)
    }
  },
)

t.test('a phone gets what it asks for, and nothing else', async (t) => {
  const asked: readonly { message: SccpMessage; answer: readonly object[] }[] = [
    { message: { kind: 'keep-alive' }, answer: [{ kind: 'keep-alive-ack' }] },
    {
      message: { kind: 'button-template-request' },
      answer: [
        { kind: 'button-template', offset: 0, total: 1, buttons: [{ instance: 1, type: 9 }] },
      ],
    },
    {
      message: { kind: 'soft-key-template-request' },
      answer: [{ kind: 'soft-key-template', total: 1, keys: [{ label: '\x80\x02', event: 2 }] }],
    },
    { message: { kind: 'soft-key-set-request' }, answer: [{ kind: 'soft-key-set', total: 1 }] },
    {
      message: { kind: 'config-stat-request' },
      answer: [
        { kind: 'config-stat', deviceName: `SEP${PHONE}`, instance: 1, lines: 1, speedDials: 0 },
      ],
    },
    {
      message: { kind: 'line-stat-request', number: 1 },
      answer: [{ kind: 'line-stat', line: 1, directoryNumber: '', name: '', alias: '' }],
    },
    {
      message: { kind: 'speed-dial-stat-request', number: 2 },
      answer: [{ kind: 'speed-dial-stat', number: 2, dial: '' }],
    },
    {
      message: { kind: 'forward-stat-request', number: 1 },
      answer: [{ kind: 'forward-stat', line: 1, status: 0 }],
    },
    {
      message: { kind: 'server-request' },
      answer: [{ kind: 'servers', servers: [{ name: '192.0.2.2', port: 2000, address: US }] }],
    },
    {
      message: { kind: 'time-date-request' },
      answer: [{ kind: 'time-date', year: 2013, month: 11, day: 5, unixSeconds: 1_383_654_896 }],
    },
    {
      message: { kind: 'register-token-request', deviceName: '', rest: new Uint8Array(0) },
      answer: [{ kind: 'register-token-ack' }],
    },
    { message: { kind: 'version-request' }, answer: [] },
    { message: { kind: 'ip-port', port: 4000 }, answer: [] },
    { message: { kind: 'capabilities', count: 0, entries: new Uint8Array(0) }, answer: [] },
    { message: { kind: 'register-available-lines', number: 1 }, answer: [] },
    { message: { kind: 'other', number: 6, payload: new Uint8Array(4) }, answer: [] },
    { message: { kind: 'unregister' }, answer: [{ kind: 'unregister-ack', status: 0 }] },
  ]
  const { connect, say } = aCallManager()
  const nowMs = 1_383_654_896_789
  connect(1, AT, nowMs)
  say(1, REGISTER, nowMs)
  for (const { message, answer } of asked) {
    const sent = sentIn(say(1, message, nowMs))
    t.equal(sent.length, answer.length, message.kind)
    t.match(sent, answer, message.kind)
  }
})

t.test('VersionReq is answered where the phone stays on SCCP, with its load', async (t) => {
  const { connect, say } = aCallManager(onePhone('P00308010200'))
  connect(1)
  t.same(kindsOf(say(1, { kind: 'version-request' })), [], 'not before it is known who asks')
  say(1, REGISTER)
  t.same(sentIn(say(1, { kind: 'version-request' })), [{ kind: 'version', load: 'P00308010200' }])
})

t.test('a KeepAlive moves the end by three intervals', async (t) => {
  const { table, connect, say } = aCallManager()
  connect(1)
  say(1, REGISTER, 0)
  say(1, { kind: 'keep-alive' }, 30_000)
  t.equal(table.get(PHONE, 30_000)?.expiresAtMs, 120_000)
})

t.test('Unregister, or the end of the session by the phone, ends the registration', async (t) => {
  const asked = aCallManager()
  asked.connect(1)
  asked.say(1, REGISTER)
  t.match(asked.say(1, { kind: 'unregister' }), [
    { kind: 'send' },
    { kind: 'store', registration: null },
    { event: { reason: 'asked' } },
  ])
  t.same(asked.manager.onClose(1, 1), [], 'and the session that follows says nothing more')
  const ended = aCallManager()
  ended.connect(1)
  ended.say(1, REGISTER)
  t.match(ended.manager.onClose(1, 1), [
    { kind: 'store', registration: null },
    { event: { reason: 'session-ended' } },
  ])
  t.equal(ended.table.get(PHONE, 1), undefined)
  t.same(ended.manager.onClose(1, 1), [])
})

t.test('an unknown device is answered like a phone, and nothing of it is kept', async (t) => {
  const { table, manager, connect, say } = aCallManager()
  connect(1, ELSEWHERE)
  const effects = [
    ...say(1, ALARM),
    ...say(1, REGISTER),
    ...say(1, { kind: 'keep-alive' }),
    ...say(1, { kind: 'unregister' }),
  ]
  t.same(kindsOf(effects), [
    'register-ack',
    'capabilities-request',
    'keep-alive-ack',
    'unregister-ack',
  ])
  t.ok(effects.every(({ kind }) => kind === 'send'))
  t.equal(table.get(PHONE, 0), undefined)
  t.same(manager.reset(PHONE, 0), { kind: 'refused', reason: 'not-connected' })
})

t.test('a phone that gives another name is not registered', async (t) => {
  const { table, connect, say } = aCallManager()
  connect(1)
  const effects = say(1, { ...REGISTER, deviceName: 'SEP003094C25D40' })
  t.same(kindsOf(effects), ['register-ack', 'capabilities-request'])
  t.same(refusalsOf(effects), ['other-phone'])
  const alarm = { ...ALARM, text: '22: Name=SEP003094C25D40 Load=7.2(2.0) Last=x' }
  t.same(refusalsOf(say(1, alarm)), ['other-phone'])
  t.equal(table.get(PHONE, 0), undefined)
})

t.test('an Alarm without a name is that of the phone at the address', async (t) => {
  const { connect, say } = aCallManager()
  connect(1)
  t.match(say(1, { ...ALARM, text: '27: Waiting' }), [{ kind: 'alarm', code: 27 }])
})

t.test('a network without call control is closed at once', async (t) => {
  const { connect, manager, say } = aCallManager()
  t.same(connect(1, 0xc6336401 as Ipv4), [{ kind: 'close', session: 1 }])
  t.same(say(1, REGISTER), [])
  t.equal(manager.sessionCount, 0)
})

t.test('who cannot be told yet is asked for again with what comes next', async (t) => {
  const known = new Map<Ipv4, Caller>([[AT, { kind: 'wait' }]])
  const { table, connect, say } = aCallManager(callersOf(known))
  connect(1)
  t.same(kindsOf(say(1, REGISTER)), ['register-ack', 'capabilities-request'])
  t.equal(table.get(PHONE, 0), undefined)
  t.same(eventsOf(say(1, { kind: 'keep-alive' })), [])
  known.set(AT, { kind: 'phone', mac: PHONE, sccpLoad: null })
  t.same(eventsOf(say(1, { kind: 'ip-port', port: 1 })), ['phone.registered'])
  t.same(eventsOf(say(1, { kind: 'keep-alive' })), [])
})

t.test('a phone that comes on a new connection is taken from the old one', async (t) => {
  const { table, manager, connect, say } = aCallManager()
  connect(1)
  say(1, REGISTER, 0)
  connect(2, AT, 10_000)
  const effects = say(2, REGISTER, 10_000)
  t.same(
    effects.filter(({ kind }) => kind === 'close'),
    [{ kind: 'close', session: 1 }],
  )
  t.same(eventsOf(effects), [], 'the row is unbroken')
  t.same(manager.onClose(1, 10_001), [])
  t.equal(table.get(PHONE, 10_001)?.registeredAtMs, 0)
  t.same(eventsOf(say(2, REGISTER, 11_000)), [], 'on the same connection, too')
  t.equal(manager.sessionCount, 1)
})

t.test('a Reset of type 1 leaves when the phone is through with its registration', async (t) => {
  const { manager, connect, say } = aCallManager()
  connect(1)
  say(1, REGISTER, 0)
  t.same(manager.reset(PHONE, 1000), { kind: 'ordered', effects: [] })
  const effects = say(1, { kind: 'time-date-request' }, 1100)
  t.same(kindsOf(effects), ['time-date', 'reset'])
  t.match(sentIn(effects), [{}, { kind: 'reset', type: 1 }])
  t.match(effects.at(-1), { kind: 'reset', mac: PHONE, outcome: 'sent' })
  t.same(kindsOf(say(1, { kind: 'keep-alive' }, 1200)), ['keep-alive-ack'], 'once')
})

t.test(
  'a phone that never asks for the time is reset after 10 s; one that is settled at once',
  async (t) => {
    const { manager, connect, say } = aCallManager()
    connect(1)
    say(1, REGISTER, 0)
    manager.reset(PHONE, 1000)
    t.same(manager.onWake(9999), [])
    t.same(kindsOf(manager.onWake(10_000)), ['reset'])
    const order = manager.reset(PHONE, 20_000)
    t.same(order.kind === 'ordered' && kindsOf(order.effects), ['reset'])
  },
)

t.test('a Reset whose phone goes before is told', async (t) => {
  const { manager, connect, say } = aCallManager()
  connect(1)
  say(1, REGISTER, 0)
  manager.reset(PHONE, 1000)
  t.match(manager.onClose(1, 1001)[0], { kind: 'reset', outcome: 'session-ended' })
})

t.test(
  'from the fourth Register within five minutes no Reset is sent, and that is told once',
  async (t) => {
    const { manager, connect, say } = aCallManager()
    const reported: string[] = []
    for (let round = 1; round <= 6; round++) {
      const nowMs = round * 20_000
      connect(round, AT, nowMs)
      if (round === 3) {
        say(round, REGISTER, nowMs)
        t.equal(manager.reset(PHONE, nowMs).kind, 'ordered')
        reported.push(...eventsOf(say(round, REGISTER, nowMs)))
        t.match(say(round, { kind: 'time-date-request' }, nowMs).at(-1), { outcome: 'loop' })
      } else reported.push(...eventsOf(say(round, REGISTER, nowMs)))
      reported.push(...eventsOf(manager.onClose(round, nowMs + 1)))
    }
    t.equal(reported.filter((event) => event === 'phone.registration.loop').length, 1)
    t.equal(manager.isLoop(PHONE, 120_000), true)
    connect(7, AT, 130_000)
    say(7, REGISTER, 130_000)
    t.same(manager.reset(PHONE, 130_000), { kind: 'refused', reason: 'loop' })
  },
)

t.test('a phone that is no longer enrolled is unknown from then on', async (t) => {
  const { manager, connect, say } = aCallManager()
  connect(1)
  say(1, REGISTER)
  t.equal(manager.hasSession(PHONE), true)
  manager.forget(PHONE)
  t.equal(manager.hasSession(PHONE), false)
  t.same(manager.reset(PHONE, 0), { kind: 'refused', reason: 'not-connected' })
  t.ok(say(1, { kind: 'keep-alive' }).every(({ kind }) => kind === 'send'))
  t.same(manager.onClose(1, 1), [])
  manager.forget(PHONE)
})

t.test(
  'without a Register within 30 s, or a frame within 90 s, a connection is closed',
  async (t) => {
    const { manager, connect, say, table } = aCallManager()
    connect(1, ELSEWHERE, 0)
    connect(2, AT, 0)
    say(2, REGISTER, 0)
    say(1, { kind: 'keep-alive' }, 29_000)
    t.same(manager.onWake(29_999), [])
    t.same(manager.onWake(30_000), [
      { kind: 'refused', address: ELSEWHERE, reason: 'not-registered-in-time' },
      { kind: 'close', session: 1 },
    ])
    t.same(manager.onWake(89_999), [])
    t.match(manager.onWake(90_000), [{ reason: 'silent' }, { kind: 'close', session: 2 }])
    t.match(table.onWake(90_000), [{}, { event: { reason: 'expired' } }])
  },
)

t.test(
  'a stream that is none of this protocol is closed; a frame with cut fields is passed over',
  async (t) => {
    const { manager, connect, say } = aCallManager()
    connect(1)
    t.same(refusalsOf(manager.onBytes(1, bytes('04000000 00000000 01000000'), 0)), ['malformed'])
    t.same(kindsOf(say(1, { kind: 'keep-alive' })), ['keep-alive-ack'])
    t.same(manager.onBytes(1, Buffer.from('GET / HTTP/1.1\r\n\r\n'), 0), [
      { kind: 'refused', address: AT, reason: 'malformed' },
      { kind: 'close', session: 1 },
    ])
    t.same(manager.onBytes(1, bytes('00'), 0), [])
  },
)

t.test('an address holds four connections, and all together 10,000', async (t) => {
  const { manager, connect } = aCallManager()
  for (let session = 0; session < 4; session++) t.same(connect(session), [])
  t.match(connect(4), [{ reason: 'too-many-sessions' }, { kind: 'close', session: 4 }])
  manager.onClose(0, 0)
  t.same(connect(5), [], 'one has left')
  for (let session = 10; manager.sessionCount < MOST_SESSIONS; session++) {
    connect(session, (0x0a000000 + session) as Ipv4)
  }
  t.match(connect(20_000, 0x0b000000 as Ipv4), [{ reason: 'too-many-sessions' }, { kind: 'close' }])
  for (let session = 1; session <= 5; session++) manager.onClose(session, 0)
  t.same(connect(20_001), [])
})
