import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { parseIpv4 } from '../../src/net/ipv4.ts'
import { eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const SERVER = '10.20.0.2'
const OTHER_END = '10.20.0.250'
const ADMIN_ENABLE = '1.3.6.1.2.1.105.1.1.1.3'
const ONCE = [
  '--import',
  './test/runner/load-typescript.mjs',
  'test/system/support/restart-once.ts',
]

/** What Wireshark's dissectors call a fault. */
const COMPLAINTS = '_ws.malformed || _ws.expert.severity >= "Warning"'

const PORTS = `
override -rw ${ADMIN_ENABLE}.1.7 integer 1
override -rw ${ADMIN_ENABLE}.2.7 integer 2
`

/** A lab with something at the other end, a folder, and a capture of what passes on the server's side. */
function aLab(t: Test) {
  const lab = Lab.open(t, `${SERVER}/24`)
  const there = lab.plugIn('02:00:00:00:00:fa')
  lab.setAddress(there, `${OTHER_END}/24`)
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-methods-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const capture = join(dir, 'all.pcap')
  lab.startIn(lab.server, 'tcpdump', '-i', SERVER_INTERFACE, '-Z', 'root', '-U', '-w', capture)
  const run = async (method: string, wanted: object) => {
    const words = ['node', ...ONCE, method, JSON.stringify(wanted)] as const
    const { output } = await lab.run(lab.server, ...words)
    const lines = output.split('\n').filter((line) => line.startsWith('{'))
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }
  return { lab, there, dir, capture, run }
}

const target = (fields: object) => ({
  mac: '000E84C060A6',
  address: parseIpv4(OTHER_END),
  switchPort: null,
  telnet: null,
  ...fields,
})

async function complaintsOf(capture: string, ...more: readonly string[]): Promise<string> {
  const args = ['-n', ...more, '-r', capture, '-Y', `ip.src == ${SERVER} && (${COMPLAINTS})`]
  return printed('tshark', args)
}

async function printed(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (bytes) => {
    text += bytes
  })
  await once(child, 'close')
  return text
}

/** Debian's snmpd as a switch with port 7 of group 1, and port 7 of group 2, which is off. */
async function aSwitch(t: Test, { user = 'SHA', more = PORTS } = {}) {
  const all = aLab(t)
  const { lab, there, dir } = all
  const secret = (name: string, text: string) => {
    writeFileSync(join(dir, name), `${text}\n`, { mode: 0o600 })
    return join(dir, name)
  }
  const conf = join(dir, 'snmpd.conf')
  const access = `rwcommunity private\nrwuser switchhook priv\ncreateUser switchhook ${user} auth-password AES priv-password\n`
  writeFileSync(conf, `agentaddress udp:${OTHER_END}:161\n${access}${more}`)
  const quiet = ['MIBS=', `SNMP_PERSISTENT_DIR=${join(dir, 'var')}`]
  lab.startIn(there, 'env', ...quiet, 'snmpd', '-f', '-C', '-c', conf, '-Ln')
  const v2c = { version: '2c', communityFile: secret('community', 'private'), port: 161 }
  const v3 = {
    version: 3,
    user: 'switchhook',
    authFile: secret('auth', 'auth-password'),
    privFile: secret('priv', 'priv-password'),
    auth: user === 'SHA' ? 'sha1' : 'sha256',
    priv: 'aes128',
    port: 161,
  }
  const wrong = { ...v3, authFile: secret('wrong', 'another-password') }
  const named = Object.entries({ v2c, v3, wrong })
  const switches = named.map(([name, snmp]) => ({ name, host: OTHER_END, portGroup: 1, snmp }))
  const file = join(dir, 'ports-off.json')
  const power = async (port: string) => {
    const args = ['-v2c', '-c', 'private', '-Oqv', OTHER_END, `${ADMIN_ENABLE}.${port}`]
    return (await lab.run(lab.server, 'env', 'MIBS=', 'snmpget', ...args)).output.trim()
  }
  await eventually(
    () => power('1.7'),
    (answer) => answer === '1',
    10_000,
  )
  const restart = (switchPort: string) =>
    all.run('poe', { target: target({ switchPort }), switches, file })
  return { ...all, switches, file, power, restart }
}

testWith(['snmpd', 'snmpget', 'tcpdump', 'tshark'], 'SNMPv2c and SNMPv3 with snmpd', async (t) => {
  const { restart, power, capture } = await aSwitch(t)
  for (const name of ['v2c', 'v3']) {
    const start = Date.now()
    const cycle = restart(`${name}/7`)
    await eventually(
      () => power('1.7'),
      (answer) => answer === '2',
      4_000,
    )
    t.equal(await power('1.7'), '2', `${name}: off`)
    t.match(await cycle, [
      { event: 'switch.port.off' },
      { event: 'switch.port.on' },
      { kind: 'sent' },
    ])
    t.ok(Date.now() - start >= 5_000, 'for 5 s')
    t.equal(await power('1.7'), '1', `${name}: on`)
    t.match(await restart(`${name}/2.7`), [{ kind: 'failed', reason: /is switched off already/ }])
    t.match(await restart(`${name}/9`), [{ kind: 'failed', reason: /has no PoE port/ }])
  }
  t.equal(await power('2.7'), '2', 'what an operator has switched off stays off')
  t.match(await restart('wrong/7'), [{ kind: 'failed', reason: /^wrong: Wrong Digest/ }])
  t.equal(await power('1.7'), '1')
  t.equal(await complaintsOf(capture), '', 'Wireshark has no complaint')
  const seen = await printed('tshark', ['-n', '-r', capture, '-Y', 'snmp'])
  t.match(seen, /set-request 1\.3\.6\.1\.2\.1\.105\.1\.1\.1\.3\.1\.7/)
  t.match(seen, /encryptedPDU/)
})

testWith(
  ['snmpd', 'snmpget', 'tcpdump'],
  'SHA-256, and a port that must not be written',
  async (t) => {
    const readOnly = `override ${ADMIN_ENABLE}.1.7 integer 1\n`
    const { restart, power, file } = await aSwitch(t, { user: 'SHA-256', more: readOnly })
    t.match(await restart('v3/7'), [{ kind: 'failed', reason: /^v3 refuses: / }])
    t.equal(await power('1.7'), '1')
    t.equal(readFileSync(file, 'utf8'), '[]\n')
  },
)

testWith(
  ['snmpd', 'snmpget', 'tcpdump'],
  'killed while the port is off: the next start switches it on',
  async (t) => {
    const { lab, power, switches, file, run } = await aSwitch(t)
    const wanted = { target: target({ switchPort: 'v3/7' }), switches, file }
    const doomed = lab.startIn(lab.server, 'node', ...ONCE, 'poe', JSON.stringify(wanted))
    t.equal(
      await eventually(
        () => power('1.7'),
        (answer) => answer === '2',
        10_000,
      ),
      '2',
    )
    await doomed.stop()
    await pause(6_000)
    t.equal(await power('1.7'), '2', 'nobody is there to switch it on')
    t.match(await run('recover', wanted), [
      { event: 'switch.port.on', port: 'v3/1.7', afterStart: true },
    ])
    t.equal(await power('1.7'), '1')
    t.equal(readFileSync(file, 'utf8'), '[]\n')
  },
)

testWith(
  ['telnetd', 'tcpdump', 'tshark', 'busybox'],
  "telnet with Debian's inetutils-telnetd",
  async (t) => {
    const { lab, there, dir, capture, run } = aLab(t)
    const login = join(dir, 'login')
    const said = join(dir, 'said')
    // A phone's dialogue as reference material has it, behind a server that nobody here wrote.
    const script = `#!/bin/sh
printf 'Cisco Systems, Inc.\\n\\nPassword :'
read -r password
[ "$password" = cisco ] || { printf '\\nPassword :'; read -r again; echo "$again" >${said}; exit 1; }
printf '\\nSIP Phone> '
read -r command
echo "$command" >${said}
`
    writeFileSync(login, script)
    chmodSync(login, 0o755)
    const restart = async (password: string) => {
      const server = ['nc', '-l', '-p', '23', '-e', 'telnetd', '-h', '-E', login]
      const listener = lab.startIn(there, 'busybox', ...server)
      await pause(500)
      const outcome = await run('telnet', { target: target({ telnet: { level: 1, password } }) })
      await listener.stop()
      return outcome
    }
    t.match(await restart('cisco'), [{ kind: 'sent' }])
    t.equal(readFileSync(said, 'utf8'), 'reset\n')
    t.match(await restart('wrong'), [{ kind: 'failed', reason: /did not take the phone_password/ }])
    t.match(await run('telnet', { target: target({ telnet: { level: 1, password: 'x' } }) }), [
      { kind: 'failed', reason: /refuses telnet/ },
    ])
    t.equal(await complaintsOf(capture, '-o', 'tcp.analyze_sequence_numbers:FALSE'), '')
    const seen = await printed('tshark', ['-n', '-r', capture, '-Y', 'telnet', '-V'])
    t.match(seen, /Don't Echo|Won't Terminal Type/)
  },
)
