import { execFile } from 'node:child_process'

import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { SccpEndpoint } from '../../../src/adapters/tcp/sccp-endpoint.ts'
import { SimulatedPhoneSockets } from '../../../src/adapters/udp/simulated-phone-sockets.ts'
import { SipEndpoint } from '../../../src/adapters/udp/sip-endpoint.ts'
import type { SipEffect } from '../../../src/call-control/effect.ts'
import { RegistrationTable } from '../../../src/call-control/registration-table.ts'
import { SccpCallManager } from '../../../src/call-control/sccp/call-manager.ts'
import { SipRegistrar } from '../../../src/call-control/sip/sip-registrar.ts'

import { lastResetOf } from '../../../src/simulator/application/alarm-text.ts'
import type { ApplicationEffect, SocketNews } from '../../../src/simulator/application/effect.ts'
import { RunningApplication } from '../../../src/simulator/application/running-application.ts'
import type { Running } from '../../../src/simulator/boot-sequences/boot-step.ts'
import { DEFAULT_QUIRKS } from '../../../src/simulator/phone-quirks.ts'
import { DEFAULT_TIMING } from '../../../src/simulator/phone-timing.ts'
import { PseudoRandom } from '../../../src/simulator/pseudo-random.ts'
import { callersOf, PHONE } from '../../support/call-control.ts'
import { ip } from '../../support/scripted-bench.ts'

/** Of this process alone, so that tests beside it have their own. */
const HOST = `127.66.${(process.pid >> 8) & 255}.${process.pid & 255}`
const AT = ip(HOST)
const US = ip('127.0.0.1')

const base = { kind: 'running', provisioned: true, failedLoad: null } as const

function aSipLoad(port: number): Running {
  const parameters = new Map([
    ['proxy_register', '1'],
    ['proxy1_address', '127.0.0.1'],
    ['proxy1_port', `${port}`],
    ['line1_name', '1201'],
    ['telnet_level', '1'],
  ])
  const sip = { sync: '1', dialPlan: 'dialplan', parameters }
  return { ...base, load: 'P0S3-8-12-00', protocol: 'sip', sip, callManagers: null }
}

function anSccpLoad(port: number): Running {
  const callManagers = [{ address: US, port }]
  return { ...base, load: 'P00308000500', protocol: 'sccp', sip: null, callManagers }
}

/** An application on real sockets. */
function anApplication(t: Test, running: Running) {
  const application = new RunningApplication({
    mac: PHONE,
    model: '7960',
    running,
    address: AT,
    tftpServers: [],
    lastReset: lastResetOf('power'),
    quirks: DEFAULT_QUIRKS,
    timing: { ...DEFAULT_TIMING, sccpConnectMs: 0 },
    random: new PseudoRandom(1),
    firstConnection: 1,
  })
  const done: ApplicationEffect[] = []
  const waiting = new Set<() => void>()
  const sockets = new SimulatedPhoneSockets((news: SocketNews) =>
    perform(application.onSocket(news, Date.now())),
  )
  const perform = (effects: readonly ApplicationEffect[]) => {
    for (const effect of effects) {
      done.push(effect)
      if (effect.kind === 'socket') sockets.perform(effect.effect, AT)
    }
    for (const look of waiting) look()
  }
  const until = (isDone: (effects: readonly ApplicationEffect[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isDone(done)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  perform(application.begin(Date.now()))
  perform(application.onWake(Date.now()))
  t.teardown(() => {
    perform(application.end())
    sockets.closeAll()
  })
  return { until, done }
}

const isRegistered = (effects: readonly ApplicationEffect[]) =>
  effects.some((effect) => effect.kind === 'report' && effect.news.event === 'phone.registered')

const callers = callersOf(new Map([[AT, { kind: 'phone', mac: PHONE, sccpLoad: null }]]))

async function aRegistrar(t: Test) {
  const leaseTable = new RegistrationTable()
  const registrar = new SipRegistrar(callers, leaseTable, Buffer.alloc(32, 1))
  const reported: SipEffect[] = []
  const endpoint = new SipEndpoint({
    onDatagram: (datagram) => registrar.onDatagram(datagram, Date.now()),
    onEffects: (effects) => reported.push(...effects),
    onFault: (fault) => t.fail(String(fault)),
  })
  await endpoint.open(US, 0)
  t.teardown(() => endpoint.closeAll())
  return { leaseTable, port: endpoint.listeners[0]?.port ?? 0 }
}

async function aCallManager(t: Test) {
  const leaseTable = new RegistrationTable()
  const manager = new SccpCallManager(callers, leaseTable)
  const endpoint = new SccpEndpoint({
    onConnect: (connection) => manager.onConnect(connection, Date.now()),
    onBytes: (session, bytes) => manager.onBytes(session, bytes, Date.now()),
    onClose: (session) => manager.onClose(session, Date.now()),
    onEffects: () => {},
    onFault: (fault) => t.fail(String(fault)),
  })
  await endpoint.open(US, 0)
  t.teardown(() => endpoint.closeAll())
  return { leaseTable, manager, endpoint, port: endpoint.listeners[0]?.port ?? 0 }
}

const withRoot = { skip: process.getuid?.() === 0 ? false : 'ports below 1024 need root' }
const withSipsak = { skip: existsSync('/usr/bin/sipsak') ? false : 'sipsak is not here' }

/** What a command prints, however it ends. */
async function run(command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 20_000 })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return `${stdout}${stderr}${error}`
  }
}

t.test(
  'a SIP load registers with our registrar from a port where it does not listen',
  async (t) => {
    const { port, leaseTable } = await aRegistrar(t)
    const { until } = anApplication(t, aSipLoad(port))
    await until(isRegistered)
    t.match(leaseTable.get(PHONE, Date.now()), { protocol: 'sip', version: '8.0', address: AT })
  },
)

t.test('an SCCP load registers with our call manager and obeys its Reset', async (t) => {
  const { port, leaseTable, manager, endpoint } = await aCallManager(t)
  const { until, done } = anApplication(t, anSccpLoad(port))
  await until(isRegistered)
  t.match(leaseTable.get(PHONE, Date.now()), { version: '8.0(5.0)', load: 'P00308000500' })
  const order = manager.reset(PHONE, Date.now())
  t.equal(order.kind, 'ordered')
  if (order.kind === 'ordered') endpoint.run(order.effects)
  await until((effects) => effects.some(({ kind }) => kind === 'reset'))
  t.match(done.at(-1), { kind: 'reset', cause: 'call-manager-reset' })
})

t.test('sipsak: OPTIONS is answered, NOTIFY judged', withSipsak, async (t) => {
  const { port } = await aRegistrar(t)
  const { until, done } = anApplication(t, aSipLoad(port))
  const options = await run('sipsak', '-vv', '-s', `sip:1201@${HOST}`)
  t.match(options, 'SIP/2.0 200 OK')
  t.match(options, 'Server: Cisco-CP7960G/8.0')
  t.match(options, 'o=Cisco-SIPUA')
  const notify = (uri: string, event: string) => {
    const sent = [
      `NOTIFY ${uri} SIP/2.0`,
      'Via: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bK1',
      'From: <sip:webadmin@127.0.0.1>;tag=1',
      `To: <${uri}>`,
      'Call-ID: 1@127.0.0.1',
      'CSeq: 1 NOTIFY',
      'Contact: <sip:webadmin@127.0.0.1>',
      `Event: ${event}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n')
    return sent
  }
  const file = `${t.testdir({
    good: notify(`sip:1201@${HOST}:5060`, 'check-sync'),
    wrong: notify(`sip:1299@${HOST}:5060`, 'check-sync'),
  })}`
  const ask = (name: string) =>
    run('sipsak', '-vv', '-l', '5099', '-f', `${file}/${name}`, '-s', `sip:1201@${HOST}`)
  t.match(await ask('wrong'), '404 Not Found')
  t.notOk(done.some(({ kind }) => kind === 'check-sync'))
  t.match(await ask('good'), '200 OK')
  await until((effects) => effects.some(({ kind }) => kind === 'check-sync'))
})

t.test('a client of port 23 resets the phone', withRoot, async (t) => {
  const { until, done } = anApplication(t, aSipLoad(1))
  const socket = connect({ host: HOST, port: 23 })
  let shown = ''
  socket.on('data', (bytes) => {
    shown += bytes.toString('latin1')
    if (shown.endsWith('Password :')) socket.write('cisco\r\n')
    if (shown.endsWith('> ')) socket.write('reset\r\n')
  })
  await until((effects) => effects.some(({ kind }) => kind === 'reset'))
  t.match(done.at(-1), { cause: 'telnet' })
  socket.destroy()
})

t.test('curl reads the page of an SCCP load; with SIP there is none', withRoot, async (t) => {
  await t.test('SCCP', async (t) => {
    anApplication(t, anSccpLoad(1))
    const page = await run('curl', '-sS', '-i', '-m', '5', `http://${HOST}/DeviceInformationX`)
    t.match(page, '<appLoadID>P00308000500</appLoadID>')
    t.match(page, 'RomPager')
  })
  await t.test('SIP', async (t) => {
    anApplication(t, aSipLoad(1))
    t.match(await run('curl', '-sS', '-m', '5', `http://${HOST}/`), "Couldn't connect")
  })
})

t.test('ports that cannot be had, and peers that are not there, are no faults', async (t) => {
  const taken = new SimulatedPhoneSockets(() => {})
  const news: SocketNews[] = []
  const sockets = new SimulatedPhoneSockets((one) => news.push(one))
  t.teardown(() => {
    taken.closeAll()
    sockets.closeAll()
  })
  for (const one of [taken, sockets]) {
    one.perform({ kind: 'sip-open', port: 5071 }, AT)
    one.perform({ kind: 'listen', port: 5072 }, AT)
  }
  const connection = 1
  sockets.perform({ kind: 'connect', connection, to: US, port: 1 }, AT)
  sockets.perform({ kind: 'write', connection: 9, bytes: Uint8Array.of(1) }, AT)
  sockets.perform({ kind: 'hang-up', connection: 9 }, AT)
  while (news.length === 0) await pause(10)
  t.same(news, [{ kind: 'hung-up', connection }])
})
