import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { datagramOf, Type } from '../kills/dhcp-datagram.ts'
import { anAppliance } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SEND_FRAME, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const TOOLS = ['curl', 'udhcpc']

const ROGUE = '10.20.0.254'
const OURS = '10.20.0.2'

const OTHER_SERVER = 'another DHCP server answers on this network'

/** A look takes 5 s, and dnsmasq asks the wire for 3 s before it offers. */
const LOOK_WITHIN_MS = 15_000

/** It must answer two looks; at the start the second one comes 5 s after the answer to the first. */
const PROVEN_WITHIN_MS = 30_000

/** Two looks in a row, 10 s apart, must be missed. */
const GONE_WITHIN_MS = 30_000

/** To ask, and to be answered by a busy machine. */
const SLACK_MS = 3000

type Network = {
  readonly served: boolean
  readonly notServedBecause: string | null
  readonly otherServers: readonly {
    readonly address: string
    readonly firstSeenAt: string
    readonly lastSeenAt: string
  }[]
}

/** Servers that others run, and how. */
const ROGUES = {
  dnsmasq: () => [
    'dnsmasq',
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--port=0',
    '--user=root',
    '--pid-file=',
    '--leasefile-ro',
    `--interface=${CLIENT_INTERFACE}`,
    '--dhcp-authoritative',
    '--dhcp-range=10.20.0.150,10.20.0.160,1h',
  ],
  udhcpd: (dir: string) => {
    const config = join(dir, 'udhcpd.conf')
    const lines = [
      'start 10.20.0.150',
      'end 10.20.0.160',
      `interface ${CLIENT_INTERFACE}`,
      `lease_file ${join(dir, 'udhcpd.leases')}`,
      `pidfile ${join(dir, 'udhcpd.pid')}`,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    writeFileSync(join(dir, 'udhcpd.leases'), '')
    return ['udhcpd', '-f', config]
  },
  /** It answers everybody on its subnet by broadcast to port 68, whatever giaddr says. */
  'npm dhcp': () => [
    process.execPath,
    '-e',
    `require('dhcp').createServer({ range: ['10.20.0.150', '10.20.0.160'], netmask: '255.255.255.0',
      router: ['${ROGUE}'], broadcast: '10.20.0.255', server: '${ROGUE}', leaseTime: 60 }).listen()`,
  ],
}

async function aLink(t: Test, onRogueServer: 'warn' | 'refuse') {
  const lab = Lab.open(t, `${OURS}/24`)
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-rogue-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const other = lab.plugIn('02:00:00:00:66:66')
  lab.setAddress(other, `${ROGUE}/24`)
  const phone = lab.plugIn('02:00:00:00:00:10')
  const yaml = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: ${OURS}
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    leaseTime: 5m
    admit: anyone
    probe: false
    onRogueServer: ${onRogueServer}
`
  const start = () => anAppliance(t, yaml, { apiPort: 8067, prefix: lab.besideServer })
  const startRogue = (kind: keyof typeof ROGUES) => {
    const [command = '', ...args] = ROGUES[kind](dir)
    return lab.startIn(other, command, ...args)
  }
  const beside = async (path: string) => {
    const url = `http://127.0.0.1:8067${path}`
    return (await lab.run(lab.server, 'curl', '-sS', url)).output
  }
  const network = async () => JSON.parse(await beside('/v1/networks/bench')) as Network
  const refusing = () =>
    eventually(
      network,
      ({ notServedBecause }) => notServedBecause === OTHER_SERVER,
      PROVEN_WITHIN_MS,
    )
  const found = () => eventually(network, (now) => now.otherServers.length > 0, LOOK_WITHIN_MS)
  const askForLease = (...options: string[]) => {
    const once = ['-f', '-q', '-n', '-t', '3', '-T', '2', '-s', '/bin/true', ...options]
    return lab.run(phone, 'udhcpc', '-i', CLIENT_INTERFACE, ...once)
  }
  return { lab, other, start, startRogue, beside, network, found, refusing, askForLease }
}

t.setTimeout(400_000)

for (const kind of ['dnsmasq', 'udhcpd', 'npm dhcp'] as const) {
  testWith(
    kind === 'npm dhcp' ? TOOLS : [kind, ...TOOLS],
    `${kind} is found at the start`,
    async (t) => {
      const { start, startRogue, beside, found } = await aLink(t, 'warn')
      startRogue(kind)
      const beganAt = new Date().toISOString()
      const appliance = await start()
      const { otherServers, served } = await found()
      t.match(otherServers, [{ address: ROGUE }])
      const [{ firstSeenAt, lastSeenAt } = { firstSeenAt: '', lastSeenAt: '' }] = otherServers
      t.ok(firstSeenAt >= beganAt && lastSeenAt >= firstSeenAt, `${firstSeenAt} ${lastSeenAt}`)
      t.equal(served, true, 'onRogueServer: warn')
      const metrics = await beside('/metrics')
      t.match(metrics, /^switchhook_other_dhcp_servers\{network="bench"\} 1$/m)
      t.match(metrics, /^switchhook_dhcp_events_total\{.*event="dhcp\.rogue\.seen".*\} [1-9]/m)
      t.equal(await appliance.printed('"dhcp.rogue.seen"'), true, 'and the log says so')
      t.match(appliance.output, `"server":"${ROGUE}"`)
    },
  )
}

testWith(
  ['udhcpd', ...TOOLS],
  'a server that comes later is found by what it broadcasts',
  async (t) => {
    const { start, startRogue, network, askForLease } = await aLink(t, 'warn')
    const appliance = await start()
    await eventually(network, () => false, 6000)
    t.same((await network()).otherServers, [], 'the first look is over, and nobody is there')
    startRogue('udhcpd')
    // -B: the client wants its replies by broadcast, so the whole link hears who answers.
    const seen = () => askForLease('-B').then(network)
    const { otherServers } = await eventually(seen, (now) => now.otherServers.length > 0, 20_000)
    t.match(otherServers, [{ address: ROGUE }], 'minutes before the next look')
    t.equal(await appliance.printed('"dhcp.rogue.seen"'), true)
  },
)

testWith(
  ['udhcpd', ...TOOLS],
  'onRogueServer: refuse leaves the network until it is free',
  async (t) => {
    const { start, startRogue, beside, network, refusing, askForLease } = await aLink(t, 'refuse')
    const rogue = startRogue('udhcpd')
    const appliance = await start()
    t.match(await network(), { served: false }, 'not before somebody was looked for')
    t.match(await refusing(), { served: false, notServedBecause: OTHER_SERVER })
    t.match((await askForLease()).output, `from ${ROGUE}`, 'the phone is the other one’s')
    t.match(await beside('/v1/leases'), /^\[\]$/m, 'and not ours')
    await rogue.stop()
    const free = await eventually(network, ({ served }) => served, GONE_WITHIN_MS + SLACK_MS)
    t.match(free, { served: true, notServedBecause: null, otherServers: [] })
    t.equal(await appliance.printed('"dhcp.rogue.gone"'), true)
    t.match((await askForLease()).output, `from ${OURS}`, 'and we serve again')
  },
)

testWith(
  ['dnsmasq', ...TOOLS],
  'onRogueServer: refuse stops for a dnsmasq that comes later, and goes on within 30 s after it',
  async (t) => {
    const { start, startRogue, network, refusing, askForLease } = await aLink(t, 'refuse')
    await start()
    const served = await eventually(network, (now) => now.served, LOOK_WITHIN_MS)
    t.match(served, { served: true, otherServers: [] })
    const rogue = startRogue('dnsmasq')
    // One that answers a client by broadcast is overheard, and then looked for.
    await askForLease('-B')
    t.match(await refusing(), { served: false, notServedBecause: OTHER_SERVER })
    await rogue.stop()
    const goneAtMs = Date.now()
    const free = await eventually(network, (now) => now.served, GONE_WITHIN_MS + SLACK_MS)
    t.match(free, { served: true, notServedBecause: null, otherServers: [] })
    t.ok(Date.now() - goneAtMs <= GONE_WITHIN_MS + SLACK_MS)
    t.match((await askForLease()).output, `from ${OURS}`, 'and we serve again')
  },
)

testWith(TOOLS, 'onRogueServer: refuse goes on in spite of forged OFFERs', async (t) => {
  const { lab, other, start, network, askForLease } = await aLink(t, 'refuse')
  const appliance = await start()
  await eventually(network, (now) => now.served, LOOK_WITHIN_MS)
  const forged = datagramOf({
    type: Type.offer,
    hardware: Buffer.from('020000000077', 'hex'),
    identifier: null,
    server: '10.20.0.66',
  })
  forged[0] = 2
  const frame = [CLIENT_INTERFACE, ROGUE, '255.255.255.255', 'ff:ff:ff:ff:ff:ff']
  for (let packet = 0; packet < 3; packet++) {
    const args = [...SEND_FRAME, ...frame, forged.toString('hex'), '67', '68']
    t.equal((await lab.run(other, process.execPath, ...args)).code, 0)
    t.match((await askForLease()).output, `from ${OURS}`, 'a client gets its lease')
    await pause(6000)
  }
  const now = await network()
  t.match(now, { served: true, otherServers: [{ address: '10.20.0.66' }] }, 'it is shown')
  t.match(appliance.output, '"isRefusing":false')
})

testWith(
  ['udhcpd', ...TOOLS],
  'a DHCP client on the same interface gets its lease all the same',
  async (t) => {
    const { lab, start, startRogue, found, network } = await aLink(t, 'refuse')
    startRogue('udhcpd')
    await start()
    await found()
    const options = ['-f', '-q', '-n', '-t', '3', '-T', '2', '-s', '/bin/true']
    const client = await lab.run(lab.server, 'udhcpc', '-i', SERVER_INTERFACE, ...options)
    t.match(client.output, new RegExp(`lease of 10\\.20\\.0\\.1[56]\\d obtained from ${ROGUE}`))
    t.match(await network(), { otherServers: [{ address: ROGUE }] })
  },
)
