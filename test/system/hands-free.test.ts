import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { LabApi } from './support/lab-api.ts'
import { testWith } from './support/test-with.ts'

// A bench with a switch: an old phone with SIP 2.3 goes the whole way to SCCP 8.0 and registers, then the next one in
// its place. Nobody touches a plug: SIP 2.x is restarted by the power of its port. What the phone runs is said with the
// conversion, because no file request tells one 2.x load from another.

const [FROM, TO] = ['P0S30203', 'P00308000500']
const MACS = ['02000000A070', '02000000A071']
const WAY = ['P0S3-04-4-00', 'P0S3-05-3-00', 'P0S3-06-3-00', 'P0S3-07-4-00', TO]
const SPEED = 50

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
conversions: { phoneSpeed: ${SPEED} }
callControl: { sip: {}, sccp: {} }
switches:
  - { name: sw1, host: 10.20.0.250, snmp: { version: 2c, communityFile: '{dir}/community' } }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    leaseTime: 5m
    admit: enrolled
    callControl: true
    switchPort: sw1/7
    probe: false
`

const SCENARIO = `
interface: ${CLIENT_INTERFACE}
speed: ${SPEED}
watch: 60m          # of a phone: it rests until its conversion is asked for
timeout: 8m
switch: { address: 10.20.0.250, community: secret-community }
phones:
  - { mac: "02:00:00:00:a0:70", load: P0S30203, switchPort: 7, expect: ${TO}, registers: true }
  - { mac: "02:00:00:00:a0:71", load: P0S30203, switchPort: 7, replaces: "02:00:00:00:a0:70", expect: ${TO}, registers: true }
`

t.setTimeout(900_000)

testWith(
  ['curl'],
  'one old phone after another goes all the way, and nobody pulls a plug',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const dir = mkdtempSync(join(tmpdir(), 'switchhook-hands-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    writeFileSync(join(dir, 'community'), 'secret-community\n', { mode: 0o600 })
    const yaml = YAML.replace('{dir}/community', join(dir, 'community'))
    const appliance = await anAppliance(t, yaml, { apiPort: 8067, prefix: lab.besideServer })
    const api = new LabApi(lab, 8067)
    for (const load of WAY) {
      const zip = join(dir, `${load}.zip`)
      writeFileSync(zip, await aFirmwareZip(load))
      const send = ['-sS', '--fail-with-body', '-H', 'content-type: application/zip']
      const url = 'http://127.0.0.1:8067/v1/firmware'
      const sent = await lab.run(lab.server, 'curl', ...send, '--data-binary', `@${zip}`, url)
      t.equal(sent.code, 0, sent.output)
    }
    await api.put('/v1/profiles/to-sccp', { protocol: 'sccp', load: TO })
    for (const mac of MACS) {
      await api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench', profile: 'to-sccp' })
    }
    const client = lab.plugIn('02:00:00:00:a0:01')
    const scenario = join(dir, 'scenario.yaml')
    writeFileSync(scenario, SCENARIO)
    const args = ['netns', 'exec', client, process.execPath, MAIN, 'simulate', scenario, '--json']
    const simulated = run('ip', args, 600_000)
    for (const mac of MACS) {
      // It runs, and somebody says what it is to become: from here on nobody touches it.
      const phone = () => api.get<{ registration: object | null }>(`/v1/phones/${mac}`)
      const found = await eventually(phone, ({ registration }) => registration !== null, 240_000)
      t.match(found, { registration: { protocol: 'sip', version: null } }, 'as 1.x and 2.x do')
      await api.put(`/v1/phones/${mac}/conversion`, { to: TO, from: FROM, acceptOneWay: true })
      const conversion = () => api.get<{ state: string }>(`/v1/phones/${mac}/conversion`)
      const end = await eventually(conversion, ({ state }) => state === 'confirmed', 300_000)
      t.equal(end.state, 'confirmed', JSON.stringify(end))
      const events = await api.get<object>(`/v1/events?mac=${mac}&limit=500`)
      t.match(JSON.stringify(events), '"phone.restart.sent"')
      t.match(JSON.stringify(events), '"method":"poe"')
    }
    const { code, output } = await simulated
    t.equal(code, 0, `${output}\n${appliance.output.slice(-4_000)}`)
    const report = JSON.parse(output) as { readonly phones: readonly object[] }
    t.match(report.phones, [
      { runs: TO, registered: { protocol: 'sccp', server: '10.20.0.2' } },
      { runs: TO, registered: { protocol: 'sccp', server: '10.20.0.2' } },
    ])
  },
)
