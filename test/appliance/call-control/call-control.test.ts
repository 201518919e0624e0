import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { CallControl } from '../../../appliance/call-control/call-control.ts'
import { startNodeTimer } from '../../../src/adapters/clock/node-timer.ts'
import type { Registration } from '../../../src/call-control/registration.ts'
import { RegistrationTable } from '../../../src/call-control/registration-table.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { Counters } from '../../../src/services/events/counters.ts'
import type { JournalEntry } from '../../../src/services/events/journal.ts'
import {
  type RegistrationEvidence,
  RegistrationKeeper,
} from '../../../src/services/registrations/registration-keeper.ts'
import type { RestartNews } from '../../../src/services/restarts/call-control-methods.ts'
import { decodeMessage as decodeSccp } from '../../../src/wire/sccp/decode-message.ts'
import { encodeMessage as encodeSccp } from '../../../src/wire/sccp/encode-message.ts'
import { FrameSplitter } from '../../../src/wire/sccp/frame-splitter.ts'
import type { SccpMessage } from '../../../src/wire/sccp/message.ts'
import { decodeMessage as decodeSip } from '../../../src/wire/sip/decode-message.ts'
import { headerOf } from '../../../src/wire/sip/message.ts'
import { aLog } from '../../support/a-log.ts'
import { callersOf, PHONE } from '../../support/call-control.ts'
import { networkOf } from '../../support/configuration.ts'

const ip = (text: string) => parseIpv4(text) as Ipv4
const US = ip('127.0.0.1')
const NETWORK = { ...networkOf({}), address: US, callControl: true }

async function aCallControl(t: Test, ports = { sip: { port: 0 }, sccp: { port: 0 } }) {
  const journal: JournalEntry[] = []
  const stored = new Map<Mac, Registration | null>()
  const evidence: RegistrationEvidence[] = []
  const news: RestartNews[] = []
  const counters = new Counters()
  const { log, lines } = aLog()
  const keeper = new RegistrationKeeper({
    startTimer: startNodeTimer,
    log,
    journal: { record: (entry) => void journal.push(entry) as never },
    counters,
    store: {
      load: async () => ({ registrations: [], faults: [] }),
      save: async (changes) => {
        for (const [mac, registration] of changes) stored.set(mac, registration)
      },
    },
    networkOf: () => 'bench',
    onEvidence: (one) => evidence.push(one),
    onStoreFault: (error) => t.fail(String(error)),
  })
  const control = new CallControl({
    ports,
    table: new RegistrationTable(),
    callers: callersOf(new Map([[US, { kind: 'phone', mac: PHONE, sccpLoad: null }]])),
    keeper,
    log,
    onFault: (fault) => t.fail(String(fault)),
    nowMs: () => Date.now(),
    onRestartNews: (one) => news.push(one),
  })
  t.teardown(() => control.close())
  await control.open([NETWORK, { ...NETWORK, callControl: false, address: ip('127.0.0.9') }])
  return { control, journal, stored, evidence, news, counters, lines }
}

async function until(isSo: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 500 && !isSo(); turn++) await pause(10)
  return isSo()
}

/** A phone with SCCP: what it has heard, and a way to speak. */
async function aPhone(t: Test, port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  const heard: SccpMessage[] = []
  const splitter = new FrameSplitter()
  socket.on('data', (bytes) => splitter.push(bytes, (frame) => heard.push(decodeSccp(frame))))
  return { socket, heard, say: (message: SccpMessage) => socket.write(encodeSccp(message)) }
}

const REGISTER: SccpMessage = {
  kind: 'register',
  deviceName: `SEP${PHONE}`,
  userId: 0,
  instance: 1,
  address: US,
  deviceType: 7,
  maxStreams: 0,
  activeStreams: 0,
  protocolVersion: 11,
  features: new Uint8Array(3),
  rest: new Uint8Array(0),
}

t.test('a phone registers by SCCP, is reset, and goes', async (t) => {
  const { control, journal, stored, evidence, news } = await aCallControl(t)
  const phone = await aPhone(t, control.listeners.sccp[0]?.port ?? 0)
  t.same(control.reset(PHONE), { kind: 'refused', reason: 'not-connected' })
  phone.say({
    kind: 'alarm',
    severity: 2,
    text: `25: Name=SEP${PHONE} Load=8.1(2.0) Last=Initialized`,
    parameter1: 0,
    parameter2: 0,
  })
  phone.say(REGISTER)
  t.ok(await until(() => phone.heard.length === 2))
  t.match(control.registration(PHONE), { protocol: 'sccp', version: '8.1(2.0)', lastResetCode: 25 })
  t.match(evidence, [{ mac: PHONE, protocol: 'sccp', version: '8.1(2.0)', load: 'P00308010200' }])
  t.equal(control.reset(PHONE).kind, 'ordered')
  phone.say({ kind: 'time-date-request' })
  t.ok(await until(() => phone.heard.some(({ kind }) => kind === 'reset')))
  t.match(news, [
    { kind: 'alarm', code: 25 },
    { kind: 'reset', outcome: 'sent' },
  ])
  phone.socket.end()
  t.ok(await until(() => control.registration(PHONE) === undefined))
  t.same(
    journal.map(({ event, mac, network }) => [event, mac, network]),
    [
      ['phone.registered', PHONE, 'bench'],
      ['phone.unregistered', PHONE, 'bench'],
    ],
  )
  t.match(journal[0]?.fields, { protocol: 'sccp', address: '127.0.0.1', lastReset: 'Initialized' })
  t.ok(await until(() => stored.get(PHONE) === null))
})

t.test('a phone registers by SIP, and a NOTIFY reaches it', async (t) => {
  const { control, news, stored } = await aCallControl(t)
  const port = control.listeners.sip[0]?.port ?? 0
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  const own = socket.address().port
  socket.send(
    [
      'REGISTER sip:127.0.0.1 SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK1`,
      'From: <sip:1001@127.0.0.1>;tag=000e84c060a60002479b1bd5-2e2cb2a9',
      'To: <sip:1001@127.0.0.1>',
      'Call-ID: 000e84c0-60a60002-63a6dd5e-3bd6f6b2@127.0.0.1',
      'CSeq: 101 REGISTER',
      'User-Agent: CSCO/7',
      `Contact: <sip:1001@127.0.0.1:${own}>`,
      'Expires: 120',
      '',
      '',
    ].join('\r\n'),
    port,
    '127.0.0.1',
  )
  const [response] = (await once(socket, 'message')) as [Buffer]
  t.match(decodeSip(response), { kind: 'response', status: 200 })
  t.match(control.registration(PHONE), { protocol: 'sip', version: '7' })
  t.ok(await until(() => stored.has(PHONE)))
  const target = { mac: PHONE, user: '1001', client: US, clientPort: own, local: US }
  t.equal(control.notify(target).kind, 'begun')
  const [bytes] = (await once(socket, 'message')) as [Buffer]
  const request = decodeSip(bytes)
  t.match(headerOf(request, 'via'), `SIP/2.0/UDP 127.0.0.1:${port};`)
  const [again] = (await once(socket, 'message')) as [Buffer]
  t.same(again, bytes, 'it is repeated by the clock of the appliance')
  const fields = request.headers.filter(({ name }) => /^(?:Via|From|To|Call-ID|CSeq)$/.test(name))
  const lines = fields.map(({ name, value }) => `${name}: ${value}\r\n`)
  socket.send(`SIP/2.0 200 OK\r\n${lines.join('')}\r\n`, port, '127.0.0.1')
  t.ok(await until(() => news.length === 1))
  t.match(news, [{ kind: 'notify-ended', mac: PHONE, outcome: { kind: 'accepted' } }])
  t.same(control.notify({ ...target, local: ip('127.0.0.9') }), { kind: 'off' })
})

t.test('what changes nothing is counted, and told within bounds', async (t) => {
  const { control, counters, lines } = await aCallControl(t)
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  const port = control.listeners.sip[0]?.port ?? 0
  for (let index = 0; index < 100; index++) socket.send('nonsense', port, '127.0.0.1')
  const count = () => counters.series('call_control_refusals')[0]
  t.ok(await until(() => count()?.value === 100))
  t.same(count()?.labels, { protocol: 'sip', reason: 'malformed' })
  const reported = lines.filter(({ event }) => event === 'phone.registration.refused')
  t.ok(reported.length > 0 && reported.length < 20, `${reported.length} lines`)
})

t.test('sockets follow the networks, and one that cannot be had is a problem', async (t) => {
  const { control } = await aCallControl(t)
  const other = { ...NETWORK, address: ip('127.0.0.2') }
  await control.replaceNetworks([other])
  t.same(
    control.listeners.sip.map(({ address }) => address),
    [other.address],
  )
  t.same(control.look().problems, [])
  await control.replaceNetworks([other, { ...NETWORK, address: ip('192.0.2.77') }])
  t.match(control.look(), { name: 'call-control', problems: [{ where: '192.0.2.77' }] })
  await control.replaceNetworks([other])
  t.same(control.look().problems, [])
})

t.test('a phone that is deleted is not registered any more', async (t) => {
  const { control, stored } = await aCallControl(t)
  const phone = await aPhone(t, control.listeners.sccp[0]?.port ?? 0)
  phone.say(REGISTER)
  t.ok(await until(() => control.registration(PHONE) !== undefined))
  control.forget(PHONE)
  t.equal(control.registration(PHONE), undefined)
  t.ok(await until(() => stored.get(PHONE) === null))
})

t.test('a stop leaves registrations as they are', async (t) => {
  const { control, journal, stored } = await aCallControl(t)
  const phone = await aPhone(t, control.listeners.sccp[0]?.port ?? 0)
  phone.say(REGISTER)
  t.ok(await until(() => control.registration(PHONE) !== undefined))
  await control.close()
  await once(phone.socket, 'close')
  await pause(20)
  t.match(stored.get(PHONE), { protocol: 'sccp' })
  t.same(
    journal.map(({ event }) => event),
    ['phone.registered'],
  )
})

t.test('one protocol alone may be on', async (t) => {
  const { control } = await aCallControl(t, { sccp: { port: 0 } } as never)
  t.same([control.listeners.sip.length, control.listeners.sccp.length], [0, 1])
})
