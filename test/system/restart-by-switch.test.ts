import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { anAppliance, run } from './support/appliance-process.ts'
import { eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const MAC = '000E84C060A6'
const SERVER = '10.20.0.2'
const SWITCH = '10.20.0.250'
const ADMIN_ENABLE = '1.3.6.1.2.1.105.1.1.1.3'

/** An appliance with a switch (Debian's snmpd), a restart command, and an enrolled phone on port 7. */
async function aSite(t: Test) {
  const lab = Lab.open(t, `${SERVER}/24`)
  const there = lab.plugIn('02:00:00:00:00:fa')
  lab.setAddress(there, `${SWITCH}/24`)
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-site-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  writeFileSync(join(dir, 'auth'), 'auth-password\n', { mode: 0o600 })
  writeFileSync(join(dir, 'priv'), 'priv-password\n', { mode: 0o600 })
  const conf = [
    `agentaddress udp:${SWITCH}:161`,
    'rocommunity public',
    'rwuser switchhook priv',
    'createUser switchhook SHA auth-password AES priv-password',
    `override -rw ${ADMIN_ENABLE}.1.7 integer 1`,
  ]
  writeFileSync(join(dir, 'snmpd.conf'), `${conf.join('\n')}\n`)
  const quiet = ['MIBS=', `SNMP_PERSISTENT_DIR=${join(dir, 'var')}`]
  lab.startIn(there, 'env', ...quiet, 'snmpd', '-f', '-C', '-c', join(dir, 'snmpd.conf'), '-Ln')
  const command = join(dir, 'power-cycle')
  writeFileSync(command, `#!/bin/sh\nenv >${join(dir, 'environment')}\n`)
  chmodSync(command, 0o755)
  const yaml = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
switches:
  - name: sw1
    host: ${SWITCH}
    snmp: { version: 3, user: switchhook, authFile: ${join(dir, 'auth')}, privFile: ${join(dir, 'priv')} }
restart: { command: [${command}], timeout: 10s }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: ${SERVER}
    subnet: 10.20.0.0/24
    probe: false
`
  const appliance = await anAppliance(t, yaml, { apiPort: 8067, prefix: lab.besideServer })
  const ask = async (method: string, path: string, body?: object) => {
    const json = ['-H', 'content-type: application/json', '--data-binary', JSON.stringify(body)]
    const args = ['-sS', '-X', method, ...(body === undefined ? [] : json)]
    const url = `http://127.0.0.1:8067${path}`
    const { output } = await run('ip', ['netns', 'exec', lab.server, 'curl', ...args, url])
    return JSON.parse(output) as Record<string, unknown>
  }
  const power = async () => {
    const args = ['-v2c', '-c', 'public', '-Oqv', SWITCH, `${ADMIN_ENABLE}.1.7`]
    return (await lab.run(lab.server, 'env', 'MIBS=', 'snmpget', ...args)).output.trim()
  }
  const events = async () => {
    const { events } = await ask('GET', `/v1/events?mac=${MAC}&limit=200`)
    return (events as { event: string }[]).map(({ event }) => event)
  }
  const powerIs = (wanted: string) => eventually(power, (answer) => answer === wanted, 10_000)
  const reported = (event: string) =>
    eventually(events, (all: readonly string[]) => all.includes(event), 15_000)
  await powerIs('1')
  const entry = { model: '7960', network: 'bench', switchPort: 'sw1/7' }
  t.match(await ask('PUT', `/v1/phones/${MAC}`, entry), { switchPort: 'sw1/7' })
  const restart = (method: string) => ask('POST', `/v1/phones/${MAC}/restart`, { method })
  return { appliance, dir, ask, powerIs, reported, restart }
}

testWith(
  ['snmpd', 'snmpget', 'curl'],
  'a phone is restarted by its switch, and by a command',
  async (t) => {
    const { dir, powerIs, reported, restart, ask } = await aSite(t)
    t.match(await restart('poe'), { method: 'poe' })
    t.equal(await powerIs('2'), '2', 'the port is off')
    t.equal(await powerIs('1'), '1', 'and on again')
    const events = await reported('phone.restart.sent')
    for (const event of ['switch.port.off', 'switch.port.on', 'phone.restart.sent']) {
      t.ok(events.includes(event), event)
    }
    // The chain by switch goes on watching for the phone; one by another phone shows the command.
    const other = '0015FA000001'
    await ask('PUT', `/v1/phones/${other}`, { network: 'bench', address: '10.20.0.61' })
    t.match(await ask('POST', `/v1/phones/${other}/restart`, { method: 'command' }), {
      method: 'command',
    })
    const file = join(dir, 'environment')
    await eventually(async () => existsSync(file), Boolean, 10_000)
    const environment = readFileSync(file, 'utf8')
    t.match(environment, /^SWITCHHOOK_MAC=0015FA000001$/m)
    t.match(environment, /^SWITCHHOOK_ADDRESS=10\.20\.0\.61$/m)
    t.notMatch(environment, /TOKEN|HOME=/)
  },
)

testWith(
  ['snmpd', 'snmpget', 'curl'],
  'killed or stopped while the port is off: it comes on again',
  async (t) => {
    const { appliance, powerIs, reported, restart } = await aSite(t)
    t.match(await restart('poe'), { method: 'poe' })
    t.equal(await powerIs('2'), '2')
    await appliance.kill()
    t.equal(await powerIs('2'), '2', 'nobody is there to switch it on')
    await appliance.start()
    t.equal(await powerIs('1'), '1', 'the next start does')
    t.ok((await reported('switch.port.on')).includes('switch.port.on'))
    t.match(await restart('poe'), { method: 'poe' })
    t.equal(await powerIs('2'), '2')
    t.equal(await appliance.stop(), 0)
    t.equal(await powerIs('1'), '1', 'a graceful stop has switched it on')
    t.match(appliance.output, /"event":"switch\.port\.on"/)
  },
)
