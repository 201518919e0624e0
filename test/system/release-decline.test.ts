import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { datagramOf, Type } from '../kills/dhcp-datagram.ts'
import { aLink, BENCH, type LeaseRow, SERVER } from './support/a-link.ts'
import {
  CLIENT_INTERFACE,
  eventually,
  type Lab,
  RELAY_INTERFACE,
  SEND_FRAME,
} from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const PHONE = '02:00:00:00:a0:60'
const HARDWARE = PHONE.replaceAll(':', '')
const MINE = '10.20.0.50'
const ATTACKER = '10.20.0.200'
const APART = 'lab1'
const RELAY = '10.20.0.9'
const FAR = '10.30.0.50'

/** As the bench, on another interface of the server. */
const OTHER = `
  - { name: other, interface: ${APART}, address: 10.40.0.2, subnet: 10.40.0.0/24,
      pool: [10.40.0.50-10.40.0.99], admit: anyone, probe: false }
`

const FLOOR = `
  - { name: far, relayed: true, address: ${SERVER}, subnet: 10.30.0.0/24,
      pool: [10.30.0.50-10.30.0.99], leaseTime: 5m, admit: anyone, probe: false }
`

t.setTimeout(300_000)

/** A script of udhcpc's that gives the interface its address, and its route through a relay agent. */
function configuring(dir: string, router = ''): string {
  const script = join(dir, 'configure')
  const route = router === '' ? '' : ` && ip route add default via ${router}`
  const lines = [
    '#!/bin/sh',
    'case "$1" in',
    `bound) ip addr add "$ip/24" dev "$interface"${route} ;;`,
    'deconfig) ip addr flush dev "$interface" ;;',
    'esac',
    'exit 0',
  ]
  writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o755 })
  return script
}

const stateOf = (rows: readonly LeaseRow[], address: string) =>
  rows.find((row) => row['address'] === address)?.['state']

/** A client that releases what it has got when it is ended; with `-q` udhcpc 1.35 only says so. */
const RELEASING =
  'udhcpc -i "$0" -f -n -R -t 10 -s "$1" & p=$!; n=0; ' +
  'until ip -4 addr show dev "$0" | grep -q inet || [ $((n += 1)) -gt 100 ]; do sleep 0.2; done; ' +
  'sleep 1; kill -TERM $p; wait $p'

/** A client that gets a lease and ends. */
const udhcpc = (script: string, ...more: readonly string[]) =>
  ['udhcpc', '-i', CLIENT_INTERFACE, '-f', '-q', '-n', '-s', script, ...more] as const

testWith(['udhcpc', 'curl'], 'udhcpc -R: its RELEASE ends the lease', async (t) => {
  const { lab, dir, leases } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  const script = configuring(dir)
  const { output } = await lab.run(phone, 'sh', '-c', RELEASING, CLIENT_INTERFACE, script)
  const ended = await eventually(leases, (rows) => stateOf(rows, MINE) === 'released', 5000)
  t.equal(stateOf(ended, MINE), 'released', output)
})

testWith(['dhclient', 'curl'], 'dhclient -r: its RELEASE ends the lease', async (t) => {
  const { lab, dir, leases } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  const files = ['-lf', join(dir, 'leases'), '-pf', join(dir, 'pid'), '-sf', '/bin/true']
  await lab.run(phone, 'dhclient', '-4', '-1', ...files, CLIENT_INTERFACE)
  lab.setAddress(phone, `${MINE}/24`)
  await lab.run(phone, 'dhclient', '-4', '-r', ...files, CLIENT_INTERFACE)
  const ended = await eventually(leases, (rows) => stateOf(rows, MINE) === 'released', 5000)
  t.equal(stateOf(ended, MINE), 'released')
})

testWith(['dhcpcd', 'curl'], 'dhcpcd -k: its RELEASE ends the lease', async (t) => {
  const { lab, leases } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  // Its control socket and its lease stay in the mount namespace of this one command.
  const both =
    'for d in /var/lib/dhcpcd /run; do mount -t tmpfs tmpfs $d; done; ' +
    `dhcpcd -4 -w -f /dev/null -c /bin/true ${CLIENT_INTERFACE} && dhcpcd -4 -f /dev/null -c /bin/true -k ${CLIENT_INTERFACE}`
  const { output } = await lab.run(phone, 'sh', '-c', both)
  const ended = await eventually(leases, (rows) => stateOf(rows, MINE) === 'released', 10_000)
  t.equal(stateOf(ended, MINE), 'released', output)
})

testWith(['udhcpc', 'curl'], 'udhcpc -a: an address in use is declined and rests', async (t) => {
  const { lab, dir, leases } = await aLink(t)
  const neighbour = lab.plugIn('02:00:00:00:00:77')
  lab.setAddress(neighbour, `${MINE}/24`)
  const phone = lab.plugIn(PHONE)
  const { output } = await lab.run(phone, ...udhcpc(configuring(dir), '-a', '-t', '5'))
  t.equal(stateOf(await leases(), MINE), 'declined', output)
  t.equal(stateOf(await leases(), '10.20.0.51'), 'bound', 'and it has got another')
})

testWith(['dhcpcd', 'curl'], 'dhcpcd: an address in use is declined and rests', async (t) => {
  const { lab, leases } = await aLink(t)
  const neighbour = lab.plugIn('02:00:00:00:00:77')
  lab.setAddress(neighbour, `${MINE}/24`)
  const phone = lab.plugIn(PHONE)
  const apart = 'for d in /var/lib/dhcpcd /run; do mount -t tmpfs tmpfs $d; done; exec dhcpcd "$@"'
  const options = ['-4', '-1', '-B', '-d', '-f', '/dev/null', '-c', '/bin/true']
  const { output } = await lab.run(phone, 'sh', '-c', apart, 'sh', ...options, CLIENT_INTERFACE)
  t.equal(stateOf(await leases(), MINE), 'declined', output)
})

/** A relay agent in front of a phone. */
async function aFloor(t: Test) {
  const link = await aLink(t, FLOOR)
  const { lab, dir } = link
  const relay = lab.plugIn('02:00:00:00:00:09')
  lab.setAddress(relay, `${RELAY}/24`)
  const phone = lab.plugInBehind(relay, '10.30.0.1/24', PHONE)
  lab.addRoute(lab.server, '10.30.0.0/24', RELAY)
  const sides = ['-id', RELAY_INTERFACE, '-iu', CLIENT_INTERFACE]
  lab.startIn(relay, 'dhcrelay', '-4', '-d', '-a', '-pf', join(dir, 'relay.pid'), ...sides, SERVER)
  return { ...link, relay, phone, script: configuring(dir, '10.30.0.1') }
}

testWith(
  ['dhcrelay', 'udhcpc', 'curl'],
  'behind dhcrelay: a RELEASE goes past it, a DECLINE through it',
  async (t) => {
    const { lab, leases, relay, phone, script } = await aFloor(t)
    const patient = ['-t', '10']
    const gone = await lab.run(phone, 'sh', '-c', RELEASING, CLIENT_INTERFACE, script)
    const ended = await eventually(leases, (rows) => stateOf(rows, FAR) === 'released', 5000)
    t.equal(stateOf(ended, FAR), 'released', gone.output)
    lab.addAddress(relay, `${FAR}/32`, RELAY_INTERFACE)
    const { output } = await lab.run(phone, ...udhcpc(script, '-a', ...patient))
    t.equal(stateOf(await leases(), FAR), 'declined', output)
  },
)

/** What an attacker says who knows the phone and its lease. */
const forged = (type: number, parts: Partial<Parameters<typeof datagramOf>[0]> = {}) =>
  datagramOf({
    type,
    hardware: Buffer.from(HARDWARE, 'hex'),
    // As udhcpc names itself.
    identifier: Buffer.from(`01${HARDWARE}`, 'hex'),
    server: SERVER,
    ...(type === Type.release ? { ciaddr: MINE } : { requested: MINE }),
    ...parts,
  }).toString('hex')

/** Sends a frame of an attacker's. */
async function sendFrame(
  t: Test,
  lab: Lab,
  where: string,
  [from, to, mac, payload]: readonly [string, string, string, string],
) {
  const args = [...SEND_FRAME, CLIENT_INTERFACE, from, to, mac, payload]
  const { code, output } = await lab.run(where, process.execPath, ...args)
  t.equal(code, 0, output)
}

const EVERYBODY = 'ff:ff:ff:ff:ff:ff'

testWith(
  ['udhcpc', 'curl'],
  'forged RELEASEs and DECLINEs change nothing, and are counted by their reason',
  async (t) => {
    const { lab, dir, leases } = await aLink(t, `${BENCH}${OTHER}`, [], (lab) => {
      lab.plugInApart(APART, '10.40.0.2/24', '02:00:00:00:00:99')
    })
    const attacker = lab.plugIn('02:00:00:00:00:98')
    lab.setAddress(attacker, `${ATTACKER}/24`)
    const elsewhere = `${lab.server.slice(0, -1)}c0`
    lab.setAddress(elsewhere, '10.40.0.200/24')
    const phone = lab.plugIn(PHONE)
    const got = await lab.run(phone, ...udhcpc(configuring(dir)))
    t.equal(got.code, 0, got.output)
    const show = await lab.run(lab.server, 'cat', '/sys/class/net/lab0/address')
    const showApart = await lab.run(lab.server, 'cat', `/sys/class/net/${APART}/address`)
    const [server, apart] = [show.output.trim(), showApart.output.trim()]
    const release = forged(Type.release)
    const decline = forged(Type.decline)
    const relayed = (type: number) => forged(type, { giaddr: '10.20.0.77' })
    const from = (where: string) => (datagram: Parameters<typeof sendFrame>[3]) =>
      sendFrame(t, lab, where, datagram)
    const onLink = from(attacker)
    await onLink([ATTACKER, SERVER, server, release])
    await onLink([ATTACKER, '255.255.255.255', EVERYBODY, release])
    await onLink([ATTACKER, SERVER, server, relayed(Type.release)])
    await onLink([ATTACKER, '255.255.255.255', EVERYBODY, decline])
    await onLink([MINE, SERVER, server, decline])
    await onLink([ATTACKER, SERVER, server, relayed(Type.decline)])
    const onOther = from(elsewhere)
    await onOther(['10.40.0.200', '10.40.0.2', apart, release])
    await onOther([MINE, '10.40.0.2', apart, release])
    await onOther(['0.0.0.0', '255.255.255.255', EVERYBODY, decline])
    const metrics = async () =>
      (await lab.run(lab.server, 'curl', '-sS', 'http://127.0.0.1:8067/metrics')).output
    const counted = (text: string, kind: string) =>
      [...text.matchAll(/^switchhook_dhcp_events_total\{(.*)\} (\d+)$/gm)]
        .filter(([, labels = '']) => labels.includes(kind) && labels.includes('wrong-origin'))
        .reduce((sum, [, , value]) => sum + Number(value), 0)
    const isCounted = (text: string) =>
      counted(text, 'release.ignored') + counted(text, 'decline.ignored') === 9
    const text = await eventually(metrics, isCounted, 5000)
    t.equal(counted(text, 'release.ignored'), 5, 'all of the forged RELEASEs')
    t.equal(counted(text, 'decline.ignored'), 4, 'all of the forged DECLINEs')
    // Linux itself drops what has no source and is not sent to everybody: nothing is counted.
    await onLink(['0.0.0.0', SERVER, server, decline])
    await onLink(['0.0.0.0', '10.20.0.255', EVERYBODY, decline])
    t.equal(stateOf(await leases(), MINE), 'bound', 'the phone has its lease')
    t.match(await metrics(), /^switchhook_dhcp_events_total/m)
    t.equal(counted(await metrics(), 'decline.ignored'), 4)
  },
)
