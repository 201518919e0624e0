import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { SimulatedPhoneHost } from '../../../src/adapters/udp/simulated-phone-host.ts'
import { formatIpv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { PhoneEvent } from '../../../src/simulator/events.ts'
import { flashRunning } from '../../../src/simulator/phone-flash.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { ip } from '../../support/scripted-bench.ts'
import { ScriptedUdpServer } from '../../support/scripted-udp-server.ts'

const OPTION_82_SOURCE_PORT = Uint8Array.of(19, 0)

/** A server with these files, a host of phones on loopback, and every event until the test ends. */
async function aNetwork(t: Test, files: ReadonlyMap<string, Uint8Array | string>) {
  const server = new ScriptedUdpServer(files)
  await server.start()
  const events: PhoneEvent[] = []
  const waiting = new Set<() => void>()
  const host = new SimulatedPhoneHost({
    server: ip('127.0.0.1'),
    dhcpPort: server.dhcpPort,
    tftpPort: server.tftpPort,
    mode: { kind: 'loopback', giaddr: ip('127.77.0.3'), linkSelection: null },
    speed: 1_000,
    onEvent: (event) => {
      events.push(event)
      for (const look of waiting) look()
    },
    onFault: (fault) => {
      throw fault
    },
  })
  await host.start()
  t.teardown(() => {
    host.stop()
    server.stop()
  })
  const until = (isDone: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isDone()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  const running = () => events.filter((event) => event.event === 'phone.running')
  return { server, host, events, until, running }
}

t.test('a phone converts itself over real sockets, from its own address', async (t) => {
  const mac = '000E84C060A6' as Mac
  const files = new Map<string, Uint8Array | string>([
    ...makeFirmwareSet('P0S3-8-12-00'),
    [`SEP${mac}.cnf.xml`, '<device><loadInformation>P0S3-8-12-00</loadInformation></device>'],
    ['SIPDefault.cnf', ''],
    [`SIP${mac}.cnf`, 'line1_name: 1'],
  ])
  const { server, host, until, running } = await aNetwork(t, files)
  host.add({ mac, model: '7960', flash: flashRunning('P00308000500') })
  await until(() => running().length === 1)
  t.match(running(), [{ mac, load: 'P0S3-8-12-00', protocol: 'sip', provisioned: true }])
  t.same(new Set(server.requests.map(({ client }) => client)), new Set(['127.77.0.50']))
  const ports = server.requests.map(({ port }) => port)
  t.equal(ports[1], (ports[0] ?? 0) + 1, 'each request has the next port')
  const names = server.requests.map(({ name }) => name)
  const hunt = [`CTLSEP${mac}.tlv`, `SEP${mac}.cnf.xml`, 'P0S3-8-12-00.loads']
  t.same(names.slice(0, 8), [...hunt, 'P003-8-12-00.sbn', ...hunt, 'P0S3-8-12-00.sb2'])
})

t.test('RFC 8357: the built-in relay agent asks for replies to its source port', async (t) => {
  const { server, host, until, running } = await aNetwork(t, new Map())
  host.add({ mac: '020000000001' as Mac, model: '7940', flash: flashRunning('P00305000200') })
  await until(() => running().length === 1)
  const [discover] = server.relayed
  t.match(discover, { hops: 1, giaddr: ip('127.77.0.3'), xid: 0x00000001 })
  t.same(discover?.options.get(82), OPTION_82_SOURCE_PORT)
})

t.test(
  'RFC 2131 section 4.4.4: a RELEASE comes from its address, past the relay agent',
  async (t) => {
    const mac = '020000000003' as Mac
    const { server, host, until, running } = await aNetwork(t, new Map())
    const quirks = { movesToVoiceVlan: true }
    host.add({ mac, model: '7960', flash: flashRunning('P0S3-06-3-00'), quirks })
    await until(() => running().length === 1)
    t.match(server.released, [{ ciaddr: ip('127.77.0.50'), giaddr: 0, from: '127.77.0.50' }])
  },
)

t.test('many phones share one process, each with an address of its own', async (t) => {
  const { server, host, until, running } = await aNetwork(t, new Map())
  for (let index = 0; index < 50; index++) {
    const mac = `0200000001${index.toString(16).padStart(2, '0').toUpperCase()}` as Mac
    host.add({ mac, model: '7960', flash: flashRunning('P0S3-06-3-00') })
  }
  await until(() => running().length === 50)
  t.equal(new Set(server.requests.map(({ client }) => client)).size, 50)
})

t.test('a phone can be reset, power-cycled and unplugged', async (t) => {
  const mac = '020000000002' as Mac
  const { host, events, until, running } = await aNetwork(t, new Map())
  host.add({ mac, model: '7960', flash: flashRunning('P0S3-06-3-00') })
  await until(() => running().length === 1)
  host.reset(mac)
  await until(() => running().length === 2)
  host.powerCycle(mac)
  await until(() => running().length === 3)
  host.remove(mac)
  host.reset(mac)
  const causes = events.flatMap((e) => (e.event === 'phone.boot.started' ? [e.cause] : []))
  t.same(causes, ['power', 'reset', 'power'])
})

t.test('a giaddr that cannot be ours is refused at the start', async (t) => {
  const host = new SimulatedPhoneHost({
    server: ip('127.0.0.1'),
    dhcpPort: 67,
    tftpPort: 69,
    mode: { kind: 'loopback', giaddr: ip('192.0.2.1'), linkSelection: ip('127.77.0.0') },
    speed: 1,
    onEvent: () => {},
    onFault: () => {},
  })
  await t.rejects(host.start(), { code: 'EADDRNOTAVAIL' })
})

t.test('a switch takes the power of a phone away and gives it back', async (t) => {
  const [fed, ownPower, other] = ['020000000011', '020000000012', '020000000013'] as Mac[]
  const { host, events, until, running } = await aNetwork(t, new Map())
  const address = ip(`127.68.${(process.pid >> 8) & 255}.${process.pid & 255}`)
  const ports = { ports: [1, 2], community: 'private', group: 1, fault: 'none' } as const
  host.addSwitch({ address, mask: ip('255.255.255.0'), udpPort: 16_162, ...ports })
  const flash = flashRunning('P0S3-06-3-00')
  host.add({ mac: fed as Mac, model: '7960', flash }, 1)
  host.add({ mac: ownPower as Mac, model: '7960', flash, quirks: { hasOwnPower: true } }, 2)
  host.add({ mac: other as Mac, model: '7960', flash })
  await until(() => running().length === 3)
  for (const [port, value] of [
    [1, 2],
    [2, 2],
    [1, 1],
    [2, 1],
  ] as const) {
    await setPort(formatIpv4(address), port, value)
  }
  await until(() => running().length === 4)
  const starts = events.filter((event) => event.event === 'phone.boot.started')
  t.same(
    starts.slice(3).map(({ mac }) => mac),
    [fed],
    'and nobody else started again',
  )
  host.remove(fed as Mac)
  await setPort(formatIpv4(address), 1, 2)
  host.add({ mac: other as Mac, model: '7960', flash }, 1)
  const before = events.length
  await setPort(formatIpv4(address), 1, 1)
  await until(() => events.length > before)
  t.match(events.at(before), { event: 'phone.boot.started', mac: other }, 'with the power')
})

/** An SNMPv2c SetRequest of `pethPsePortAdminEnable`, and its answer. */
async function setPort(host: string, port: number, value: number): Promise<void> {
  const oid = [0x2b, 6, 1, 2, 1, 105, 1, 1, 1, 3, 1, port]
  const binding = [0x30, 0x11, 6, 12, ...oid, 2, 1, value]
  const pdu = [0xa3, 0x1e, 2, 1, 9, 2, 1, 0, 2, 1, 0, 0x30, 0x13, ...binding]
  const message = [2, 1, 1, 4, 7, ...Buffer.from('private'), ...pdu]
  const socket = createSocket('udp4')
  socket.send(Uint8Array.of(0x30, message.length, ...message), 16_162, host)
  await once(socket, 'message')
  socket.close()
}
