import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { aLink, SERVER } from './support/a-link.ts'
import { CLIENT_INTERFACE, eventually, RELAY_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const RELAY = '10.20.0.9'
const PHONE = '02:00:00:00:a0:60'

/** Networks that only relay agents lead to. */
const relayed = (subnet: string, pool: string) => `
  - name: far
    relayed: true
    address: ${SERVER}
    subnet: ${subnet}
    pool: [${pool}]
    leaseTime: 30s
    admit: anyone
    probe: false
`

t.setTimeout(300_000)

testWith(['dhcpcd', 'curl'], 'dhcpcd: gets a lease and configures itself by it', async (t) => {
  const { lab, dir, leases } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  const script = join(dir, 'dhcpcd-script')
  writeFileSync(script, '#!/bin/sh\nenv | grep ^new_\nexit 0\n', { mode: 0o755 })
  // Its lease files stay in the mount namespace that comes with `ip netns exec`.
  const apart = 'for d in /var/lib/dhcpcd /run; do mount -t tmpfs tmpfs $d; done; exec dhcpcd "$@"'
  const options = [
    '-4',
    '-1',
    '-B',
    '-d',
    '-f',
    '/dev/null',
    '-c',
    script,
    '-o',
    'tftp_server_name',
  ]
  const got = await lab.run(phone, 'sh', '-c', apart, 'sh', ...options, CLIENT_INTERFACE)
  t.match(got.output, 'leased 10.20.0.50 for 300 seconds', got.output)
  for (const line of ['new_ip_address=10.20.0.50', `new_tftp_server_name=${SERVER}`]) {
    t.match(got.output, line)
  }
  t.match(await leases(), [{ address: '10.20.0.50', state: 'bound' }])
})

testWith(['dhcping'], 'dhcping: a REQUEST and an INFORM are answered', async (t) => {
  const { lab } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  lab.setAddress(phone, '10.20.0.77/24')
  const asking = ['-v', '-c', '10.20.0.77', '-s', SERVER, '-h', PHONE, '-t', '5']
  for (const kind of [[], ['-i']]) {
    const { code, output } = await lab.run(phone, 'dhcping', ...kind, ...asking)
    t.equal(code, 0, output)
    t.match(output, `Got answer from: ${SERVER}`)
  }
  const nobody = await lab.run(phone, 'dhcping', ...asking.with(4, '10.20.0.3'))
  t.not(nobody.code, 0, 'where there is no server, there is no answer')
})

testWith(['nmap'], 'nmap broadcast-dhcp-discover: reads the OFFER', async (t) => {
  const { lab } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  lab.setAddress(phone, '10.20.0.77/24')
  const script = ['--script', 'broadcast-dhcp-discover', '-e', CLIENT_INTERFACE]
  const { output } = await lab.run(phone, 'nmap', ...script)
  t.match(output, /IP Offered: 10\.20\.0\.\d+/, output)
  t.match(output, 'DHCP Message Type: DHCPOFFER')
  t.match(output, `Server Identifier: ${SERVER}`)
  t.match(output, 'Router: 10.20.0.1')
})

testWith(['tshark', 'udhcpc'], 'tshark finds nothing malformed in an exchange', async (t) => {
  const { lab, dir } = await aLink(t)
  const phone = lab.plugIn(PHONE)
  const file = join(dir, 'exchange.pcapng')
  const filter = ['-f', 'udp port 67 or udp port 68']
  const capture = lab.run(phone, 'tshark', '-i', CLIENT_INTERFACE, ...filter, '-c', '4', '-w', file)
  const isCapturing = async () => existsSync(file) && statSync(file).size > 0
  t.equal(await eventually(isCapturing, (is) => is, 20_000), true)
  const options = ['-i', CLIENT_INTERFACE, '-f', '-q', '-n', '-B', '-s', '/bin/true']
  t.equal((await lab.run(phone, 'udhcpc', ...options)).code, 0)
  t.equal((await capture).code, 0, 'DISCOVER, OFFER, REQUEST, ACK')
  const { output } = await lab.run(phone, 'tshark', '-r', file, '-V')
  for (const type of ['Discover', 'Offer', 'Request', 'ACK']) {
    t.match(output, new RegExp(`DHCP: ${type} \\(`))
  }
  t.notMatch(output, /malformed/i)
  for (const option of [/\(66\) TFTP Server Name/, /\(150\) TFTP Server Address/]) {
    t.equal(output.split(option).length, 3, `${option} in the OFFER and in the ACK`)
  }
})

testWith(['perfdhcp'], 'perfdhcp: 400 exchanges at 200 a second, none is dropped', async (t) => {
  const { lab } = await aLink(t, relayed('10.20.0.0/24', '10.20.0.20-10.20.0.250'))
  const relay = lab.plugIn(PHONE)
  lab.setAddress(relay, `${RELAY}/24`)
  const load = ['-r', '200', '-R', '200', '-n', '400', '-d', '1', '-W', '2000000', '-g', 'multi']
  const clients = ['-b', 'mac=02:0d:00:00:00:00']
  const args = ['-4', ...load, ...clients, '-l', CLIENT_INTERFACE, SERVER]
  const { code, output } = await lab.run(relay, 'perfdhcp', ...args)
  t.equal(code, 0, output)
  for (const exchange of ['DISCOVER-OFFER', 'REQUEST-ACK']) {
    const [, report = ''] = output.split(`***Statistics for: ${exchange}***`)
    t.match(report, /^\s*sent packets: 400\nreceived packets: 400\ndrops: 0$/m, exchange)
  }
})

testWith(
  ['dhcrelay', 'udhcpc', 'curl'],
  'dhcrelay: option 82 is kept, and the lease is renewed past the relay agent',
  async (t) => {
    const { lab, dir, leases } = await aLink(t, relayed('10.30.0.0/24', '10.30.0.50-10.30.0.99'))
    const relay = lab.plugIn('02:00:00:00:00:09')
    lab.setAddress(relay, `${RELAY}/24`)
    const phone = lab.plugInBehind(relay, '10.30.0.1/24', PHONE)
    lab.addRoute(lab.server, '10.30.0.0/24', RELAY)
    const sides = ['-id', RELAY_INTERFACE, '-iu', CLIENT_INTERFACE]
    const pid = ['-pf', join(dir, 'dhcrelay.pid')]
    const agent = lab.startIn(relay, 'dhcrelay', '-4', '-d', '-a', ...pid, ...sides, SERVER)
    const script = join(dir, 'configure')
    const configure = `[ "$1" = bound ] || exit 0
ip addr add "$ip/24" dev "$interface" && ip route add default via 10.30.0.1`
    writeFileSync(script, `#!/bin/sh\n${configure}\n`, { mode: 0o755 })
    lab.startIn(phone, 'udhcpc', '-i', CLIENT_INTERFACE, '-f', '-s', script)
    const [bound] = await eventually(leases, (now) => now.length > 0, 30_000)
    // RFC 3046 section 2.0: circuit-id (1), four octets, the name of the interface.
    const atRelay = { address: '10.30.0.50', state: 'bound', relayAgent: '010465746831' }
    t.match(bound, atRelay)
    await agent.stop()
    const isRenewed = ([now]: Awaited<ReturnType<typeof leases>>) =>
      now !== undefined && now['expiresAt'] !== bound?.['expiresAt']
    const [renewed] = await eventually(leases, isRenewed, 60_000)
    t.not(renewed?.['expiresAt'], bound?.['expiresAt'], 'without any relay agent to pass it on')
    t.match(renewed, atRelay, 'and what the relay agent had said is remembered')
  },
)
