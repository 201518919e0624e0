import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type PoeEvent, PoeRestart } from '../../../src/adapters/snmp/poe-restart.ts'
import { SwitchError, type SwitchSession } from '../../../src/adapters/snmp/switch-session.ts'
import { SwitchedOffPortsFile } from '../../../src/adapters/snmp/switched-off-ports.ts'
import type { Mac } from '../../../src/net/mac.ts'

const MAC = '000E84C060A6' as Mac
const OTHER = '0015FA000001' as Mac
const OID = '1.3.6.1.2.1.105.1.1.1.3'
const NEVER = new AbortController().signal
const TIMES = { offMs: 60, onWithinMs: 1_000, onEveryMs: 20, againMs: 100 }

/** A switch with ports 7 and 8 of group 1, and 7 of group 2, which an operator has switched off. */
class FakeSwitch {
  readonly ports = new Map([
    [`${OID}.1.7`, 1],
    [`${OID}.1.8`, 1],
    [`${OID}.2.7`, 2],
  ])
  readonly orders: string[] = []
  sessions = 0
  /** Asked before each request; throws what the request comes to. */
  disturb: (request: string) => void = () => {}

  readonly open = async (): Promise<SwitchSession> => {
    this.disturb('open')
    this.sessions++
    return {
      get: async (oid) => {
        this.disturb('get')
        const value = this.ports.get(oid)
        return value === undefined ? { kind: 'absent' } : { kind: 'value', value }
      },
      set: async (oid, value) => {
        this.disturb(value === 1 ? 'on' : 'off')
        this.orders.push(`${oid.slice(OID.length + 1)} ${value === 1 ? 'on' : 'off'}`)
        this.ports.set(oid, value)
      },
      close: () => {
        this.sessions--
      },
    }
  }
}

function aMethod(t: Test, { file, times = {} }: { file?: string; times?: object } = {}) {
  const store = file ?? join(t.testdir(), 'ports-off.json')
  const fake = new FakeSwitch()
  const events: PoeEvent[] = []
  const faults: string[] = []
  const method = new PoeRestart({
    switches: () => [
      {
        name: 'sw1',
        host: 'x',
        portGroup: 1,
        snmp: { version: '2c', communityFile: 'x', port: 161 },
      },
    ],
    openSession: fake.open,
    ports: new SwitchedOffPortsFile(store, (why) => faults.push(why)),
    onEvent: (event) => events.push(event),
    nowMs: () => 5,
    times: { ...TIMES, ...times },
  })
  t.teardown(() => method.close())
  const send = (switchPort: string | null, mac = MAC, signal = NEVER) =>
    method.send({ mac, address: null, switchPort, telnet: null }, signal)
  return { method, fake, events, faults, send, store }
}

/** Waits for what other processes may delay: a file that is written durably, for one. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5_000 && !isSo(); waited += 10) await pause(10)
}

const stored = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

t.test('off, for as long as a phone needs to lose its power, and on again', async (t) => {
  const { fake, events, send, store } = aMethod(t, { times: { offMs: 400 } })
  const sending = send('sw1/7')
  await until(() => events.length > 0)
  t.equal(fake.ports.get(`${OID}.1.7`), 2)
  t.same(stored(store), [{ port: 'sw1/1.7', mac: MAC, atMs: 5 }], 'stored while it is off')
  t.same(await sending, { kind: 'sent' })
  t.same(fake.orders, ['1.7 off', '1.7 on'])
  t.same(stored(store), [])
  t.equal(fake.sessions, 0, 'no session stays open')
  t.match(events, [
    { event: 'switch.port.off', level: 'info', mac: MAC, fields: { port: 'sw1/1.7' } },
    { event: 'switch.port.on', level: 'info' },
  ])
})

t.test('what may not be switched is left as it is, with a reason', async (t) => {
  const { fake, events, send } = aMethod(t)
  const cases = [
    { port: 'sw1/2.7', reason: /switched off already, and not by this appliance$/ },
    {
      port: 'sw1/9',
      reason: /has no PoE port: there is no 1\.3\.6\.1\.2\.1\.105\.1\.1\.1\.3\.1\.9;/,
    },
    { port: 'sw2/7', reason: /no switch is configured for sw2\/7$/ },
    { port: 'nonsense', reason: /switch port of the phone is not known$/ },
    { port: null, reason: /switch port of the phone is not known$/ },
  ]
  for (const { port, reason } of cases) t.match(await send(port), { kind: 'failed', reason })
  fake.ports.set(`${OID}.1.8`, 5)
  t.match(await send('sw1/8'), { reason: /answers 5, which RFC 3621 does not know/ })
  t.match(await send('sw1/7', MAC, AbortSignal.abort()), { reason: /stopped before it began/ })
  t.same(fake.orders, [])
  t.same(events, [])
})

t.test('a switch that does not answer, or refuses, is not switched', async (t) => {
  const silent = aMethod(t)
  silent.fake.disturb = () => {
    throw new SwitchError('sw1 does not answer SNMP')
  }
  t.match(await silent.send('sw1/7'), { kind: 'failed', reason: 'sw1 does not answer SNMP' })
  const refusing = aMethod(t)
  refusing.fake.disturb = (request) => {
    if (request === 'off') throw new SwitchError('sw1 refuses: NotWritable', true)
  }
  t.match(await refusing.send('sw1/7'), { kind: 'failed', reason: 'sw1 refuses: NotWritable' })
  t.same([...silent.events, ...refusing.events], [], 'no alarm where nothing was off')
  t.same(stored(refusing.store), [])
})

t.test('an order to go off whose answer is lost is followed by one to go on', async (t) => {
  const { fake, send, store } = aMethod(t)
  fake.disturb = (request) => {
    if (request !== 'off') return
    fake.ports.set(`${OID}.1.7`, 2)
    throw new SwitchError('sw1 does not answer SNMP')
  }
  t.match(await send('sw1/7'), { kind: 'failed', reason: 'sw1 does not answer SNMP' })
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
  t.same(stored(store), [])
})

t.test('a switch that takes the order and keeps the port on', async (t) => {
  const { fake, send } = aMethod(t)
  const set = fake.ports.set.bind(fake.ports)
  fake.ports.set = (oid, _value) => set(oid, 1)
  t.match(await send('sw1/7'), { kind: 'failed', reason: 'sw1 took the order and left sw1/1.7 on' })
})

t.test('power on is repeated until the switch confirms it', async (t) => {
  const { fake, events, send } = aMethod(t)
  let left = 5
  fake.disturb = (request) => {
    if (request === 'on' && left-- > 0) throw new SwitchError('sw1 does not answer SNMP')
  }
  t.same(await send('sw1/7'), { kind: 'sent' })
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
  t.same(
    events.map(({ event }) => event),
    ['switch.port.off', 'switch.port.on'],
  )
  t.equal(fake.sessions, 0)
})

t.test('a port that stays off is an error, and is tried again until it is on', async (t) => {
  const { fake, events, send, store } = aMethod(t)
  let isLost = true
  fake.disturb = (request) => {
    if (isLost && request === 'on') throw new SwitchError('sw1 does not answer SNMP')
  }
  const reason = 'sw1/1.7 could not be confirmed to be on again'
  t.same(await send('sw1/7'), { kind: 'failed', reason })
  const why = /^sw1 does not answer SNMP\. Switch it on by hand$/
  t.match(events.at(-1), { event: 'switch.port.stuck', level: 'error', mac: MAC, fields: { why } })
  t.match(stored(store), [{ port: 'sw1/1.7' }], 'the next start knows of it')
  isLost = false
  await until(() => stored(store).length === 0)
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
  t.match(events.at(-1), { event: 'switch.port.on' })
})

t.test('a port that we left off ourselves may be switched on by the next restart', async (t) => {
  const file = join(t.testdir(), 'ports-off.json')
  writeFileSync(file, JSON.stringify([{ port: 'sw1/1.7', mac: MAC, atMs: 1 }]))
  const { fake, send } = aMethod(t, { file })
  fake.ports.set(`${OID}.1.7`, 2)
  t.same(await send('sw1/7'), { kind: 'sent' })
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
})

t.test('a start switches on what an earlier process left off', async (t) => {
  const file = join(t.testdir(), 'ports-off.json')
  const left = ['sw1/1.7', 'sw9/1.7'].map((port) => ({ port, mac: MAC, atMs: 1 }))
  writeFileSync(file, JSON.stringify(left))
  const { fake, events, method, faults } = aMethod(t, { file })
  fake.ports.set(`${OID}.1.7`, 2)
  method.recover()
  await until(() => stored(file).length === 1)
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
  t.same(stored(file), [left[1]], 'what cannot be reached is kept')
  t.match(
    events.find(({ event }) => event === 'switch.port.on'),
    { fields: { port: 'sw1/1.7', afterStart: true } },
  )
  const why = 'no switch of that name is configured. Switch it on by hand'
  t.match(
    events.find(({ level }) => level === 'error'),
    { event: 'switch.port.stuck', fields: { port: 'sw9/1.7', why } },
  )
  t.same(faults, [])
})

t.test('a graceful stop ends with the port on', async (t) => {
  const { fake, events, method, send, store } = aMethod(t, { times: { offMs: 60_000 } })
  const sending = send('sw1/7')
  await until(() => events.length > 0)
  t.equal(fake.ports.get(`${OID}.1.7`), 2)
  await method.close()
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
  t.same(stored(store), [])
  t.match(await sending, { kind: 'failed', reason: 'it was stopped' })
  t.match(await send('sw1/7'), { kind: 'failed', reason: /stopped before it began/ })
})

t.test('who gives up cuts the time off short, and the port is on', async (t) => {
  const { fake, events, send } = aMethod(t, { times: { offMs: 60_000 } })
  const stop = new AbortController()
  const sending = send('sw1/7', MAC, stop.signal)
  await until(() => events.length > 0)
  stop.abort()
  t.match(await sending, { kind: 'failed', reason: 'it was stopped' })
  t.equal(fake.ports.get(`${OID}.1.7`), 1)
})

t.test('one cycle a port, however it is written; ports beside it are free', async (t) => {
  const { fake, send } = aMethod(t)
  const outcomes = await Promise.all([send('sw1/7'), send('sw1/1.7', OTHER), send('sw1/8', OTHER)])
  const reason = `sw1/1.7 is being switched for phone ${MAC}`
  t.same(outcomes, [{ kind: 'sent' }, { kind: 'failed', reason }, { kind: 'sent' }])
  t.same([...fake.orders].sort(), ['1.7 off', '1.7 on', '1.8 off', '1.8 on'])
  t.same(await send('sw1/7', OTHER), { kind: 'sent' }, 'afterwards it is free again')
})

t.test('without a place to store the intention the port stays on', async (t) => {
  const { fake, send } = aMethod(t, { file: join(t.testdir(), 'no/such/folder/ports-off.json') })
  t.match(await send('sw1/7'), {
    kind: 'failed',
    reason: /cannot be written, so the port stays on/,
  })
  t.same(fake.orders, [])
})

t.test('a file that cannot be read is told of', async (t) => {
  for (const text of ['{', '{}', '[{"port":"x"}]', '[null]']) {
    const file = join(t.testdir(), 'ports-off.json')
    writeFileSync(file, text)
    const { faults, method } = aMethod(t, { file })
    method.recover()
    await method.close()
    t.match(faults, [/ports-off\.json cannot be read: /], text)
  }
})
