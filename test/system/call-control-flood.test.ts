import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { CallControl } from '../../appliance/call-control/call-control.ts'
import { startNodeTimer } from '../../src/adapters/clock/node-timer.ts'
import { RegistrationTable } from '../../src/call-control/registration-table.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { Counters } from '../../src/services/events/counters.ts'
import { RegistrationKeeper } from '../../src/services/registrations/registration-keeper.ts'
import { encodeMessage } from '../../src/wire/sccp/encode-message.ts'
import { aLog } from '../support/a-log.ts'
import { AT, callersOf, PHONE } from '../support/call-control.ts'
import { networkOf } from '../support/configuration.ts'

const US = parseIpv4('127.0.0.1') as Ipv4
/** Where the phone is; everybody else is unknown. */
const PHONE_HOST = '127.0.0.50'
const PHONE_AT = parseIpv4(PHONE_HOST) as Ipv4

const REGISTERS = 100_000
/** As many at once, so that the system's buffer does not overflow by itself. */
const BATCH = 100
/** Source addresses, of which each opens one connection more than it may. */
const SOURCES = 800
const EACH = 5

async function aCallControl(t: Test) {
  const counters = new Counters()
  const { log } = aLog('silent')
  let stored = 0
  const keeper = new RegistrationKeeper({
    startTimer: startNodeTimer,
    log,
    journal: { record: () => undefined as never },
    counters,
    store: {
      load: async () => ({ registrations: [], faults: [] }),
      save: async (changes) => {
        stored += changes.size
      },
    },
    networkOf: () => null,
    onStoreFault: (error) => t.fail(String(error)),
  })
  const control = new CallControl({
    ports: { sip: { port: 0 }, sccp: { port: 0 } },
    table: new RegistrationTable(),
    callers: callersOf(new Map([[PHONE_AT, { kind: 'phone', mac: PHONE, sccpLoad: null }]])),
    keeper,
    log,
    onFault: () => {},
    nowMs: () => Date.now(),
  })
  t.teardown(() => control.close())
  await control.open([{ ...networkOf({}), address: US, callControl: true }])
  const sip = control.listeners.sip[0]?.port ?? 0
  const sccp = control.listeners.sccp[0]?.port ?? 0
  return { control, counters, sip, sccp, stored: () => stored }
}

async function aUdpClient(t: Test, host: string): Promise<UdpSocket> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return socket
}

function aRegister(host: string, port: number, number: number): string {
  return [
    'REGISTER sip:127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${number}`,
    'From: <sip:1001@127.0.0.1>;tag=000e84c060a60002479b1bd5-2e2cb2a9',
    'To: <sip:1001@127.0.0.1>',
    'Call-ID: 000e84c0-60a60002-63a6dd5e-3bd6f6b2@127.0.0.1',
    `CSeq: ${number} REGISTER`,
    'User-Agent: CSCO/7',
    `Contact: <sip:1001@${host}:${port}>`,
    '',
    '',
  ].join('\r\n')
}

async function until(isSo: () => boolean, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end && !isSo(); ) await pause(20)
  return isSo()
}

t.setTimeout(180_000)

t.test('100,000 REGISTERs: nothing is kept, and the phone is answered in between', async (t) => {
  const { control, sip, stored } = await aCallControl(t)
  const flood = await aUdpClient(t, '127.0.0.1')
  const phone = await aUdpClient(t, PHONE_HOST)
  let answers = 0
  let worstMs = 0
  flood.on('message', () => answers++)
  const before = process.memoryUsage().rss
  const { port } = flood.address()
  for (let sent = 0; sent < REGISTERS; sent += BATCH) {
    for (let index = 0; index < BATCH; index++) {
      flood.send(aRegister('127.0.0.1', port, sent + index + 1), sip, '127.0.0.1')
    }
    if (sent % 10_000 === 0) {
      const beganAtMs = performance.now()
      const own = aRegister(PHONE_HOST, phone.address().port, sent + 1)
      phone.send(own, sip, '127.0.0.1')
      await once(phone, 'message')
      worstMs = Math.max(worstMs, performance.now() - beganAtMs)
    }
    await until(() => answers >= sent + BATCH / 2, 200)
  }
  t.ok(answers > REGISTERS * 0.9, `${answers} of ${REGISTERS} answered`)
  t.ok(worstMs < 2000, `the phone waited ${Math.round(worstMs)} ms at most`)
  t.match(control.registration(PHONE), { protocol: 'sip', version: '7' })
  t.ok(stored() <= 10, 'only the phone is stored')
  const grownBy = process.memoryUsage().rss - before
  t.ok(grownBy < 150e6, `grown by ${Math.round(grownBy / 1e6)} MB`)
})

t.test('thousands of connections: four an address, and the phone gets in', async (t) => {
  const { control, counters, sccp } = await aCallControl(t)
  const open: Socket[] = []
  let closed = 0
  t.teardown(() => open.forEach((socket) => void socket.destroy()))
  for (let source = 0; source < SOURCES; source++) {
    const localAddress = `127.1.${source >>> 8}.${source & 255 || 1}`
    if ((source & 255) === 0) continue
    for (let index = 0; index < EACH; index++) {
      const socket = connect({ host: '127.0.0.1', port: sccp, localAddress })
      socket.on('error', () => {})
      socket.on('close', () => closed++)
      open.push(socket)
    }
    // In step with the event loop that accepts them, which is this one: the kernel's queue holds 511.
    if (source % 10 === 0) await pause(20)
  }
  const sources = open.length / EACH
  const refused = () => counters.series('call_control_refusals')[0]?.value ?? 0
  t.ok(await until(() => refused() === sources, 30_000), `${refused()} refused`)
  t.match(control.look().detail, `${sources * (EACH - 1)} sessions`)
  const phone = connect({ host: '127.0.0.1', port: sccp, localAddress: PHONE_HOST })
  t.teardown(() => void phone.destroy())
  phone.write(
    encodeMessage({
      kind: 'register',
      deviceName: `SEP${PHONE}`,
      userId: 0,
      instance: 1,
      address: AT,
      deviceType: 7,
      maxStreams: 0,
      activeStreams: 0,
      protocolVersion: 11,
      features: new Uint8Array(3),
      rest: new Uint8Array(0),
    }),
  )
  t.ok(
    await until(() => control.registration(PHONE) !== undefined, 5000),
    'the phone is registered',
  )
  // Whoever registers nothing is gone after 30 s; the phone stays.
  t.ok(await until(() => control.look().detail.endsWith(' 1 sessions'), 45_000))
  t.ok(await until(() => closed === open.length, 5000), `${closed} of ${open.length} know it`)
})
