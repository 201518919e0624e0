import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { ROOT } from '../support/source-files.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { LabApi } from './support/lab-api.ts'
import { testWith } from './support/test-with.ts'

// The bench of config/bench.yaml, with a switch: an old phone with SIP 2.3, which nobody has enrolled nor described, goes
// the whole way to SCCP 8.0 and registers, then the next one in its place. Nobody touches a plug: SIP 2.x is restarted
// by the power of its port. No file request tells one 2.x load from another, but that it registers without a version
// leaves 1.x to 3.x, and one plan holds for them all.

const [FROM, TO] = ['P0S30203', 'P00308000500']
const MACS = ['02000000A070', '02000000A071']
const WAY = [FROM, 'P0S3-04-4-00', 'P0S3-05-3-00', 'P0S3-06-3-00', 'P0S3-07-4-00', TO]
const SPEED = 50

/** What an operator sets in config/bench.yaml, and how quick simulated phones are. */
function benchYaml(communityFile: string): string {
  const shipped = readFileSync(join(ROOT, 'config/bench.yaml'), 'utf8')
  const edits = [
    ['dataDir: ./data', `dataDir: '{dir}/data'\nconversions: { phoneSpeed: ${SPEED} }`],
    ['interface: eth1', `interface: ${SERVER_INTERFACE}`],
    ['/etc/switchhook/sw1-community', communityFile],
    ['autoEnrol: to-sip', 'autoEnrol: to-sccp'],
    ['# switches:', 'switches:'],
    ['#   - name: sw1', '  - name: sw1'],
    ['#     host:', '    host:'],
    ['#     snmp:', '    snmp:'],
    ['# switchPort:', 'switchPort:'],
  ] as const
  return edits.reduce((yaml, [there, here]) => {
    if (!yaml.includes(there)) throw new Error(`config/bench.yaml has no ${there}`)
    return yaml.replace(there, here)
  }, shipped)
}

const SCENARIO = `
interface: ${CLIENT_INTERFACE}
speed: ${SPEED}
watch: 60m          # of a phone: it rests between its steps
timeout: 8m
switch: { address: 10.20.0.250, community: secret-community }
phones:
  - { mac: "02:00:00:00:a0:70", load: ${FROM}, switchPort: 7, expect: ${TO}, registers: true }
  - { mac: "02:00:00:00:a0:71", load: ${FROM}, switchPort: 7, replaces: "02:00:00:00:a0:70", expect: ${TO}, registers: true }
`

t.setTimeout(900_000)

testWith(['curl'], 'one old phone after another is converted, and no plug is pulled', async (t) => {
  const lab = Lab.open(t, '10.20.0.2/24')
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-hands-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  writeFileSync(join(dir, 'community'), 'secret-community\n', { mode: 0o600 })
  const yaml = benchYaml(join(dir, 'community'))
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
  const client = lab.plugIn('02:00:00:00:a0:01')
  const scenario = join(dir, 'scenario.yaml')
  writeFileSync(scenario, SCENARIO)
  const args = ['netns', 'exec', client, process.execPath, MAIN, 'simulate', scenario, '--json']
  const simulated = run('ip', args, 600_000)
  for (const mac of MACS) {
    const conversions = () => api.get<readonly Conversion[]>('/v1/conversions')
    const isDone = (all: readonly Conversion[]) =>
      all.some((one) => one.mac === mac && one.state === 'confirmed')
    const end = (await eventually(conversions, isDone, 300_000)).find((one) => one.mac === mac)
    const events = JSON.stringify(await api.get<object>(`/v1/events?mac=${mac}&limit=500`))
    const steps = WAY.map((load) => ({ load }))
    t.match(end, { state: 'confirmed', from: null, steps }, `${JSON.stringify(end)} ${events}`)
    t.match(events, '"enrol.phone.enrolled"')
    t.match(events, '"phone.restart.sent"')
    t.match(events, '"method":"poe"')
    const phone = () => api.get<{ registration: { protocol: string } | null }>(`/v1/phones/${mac}`)
    const hasRegistered = await eventually(
      phone,
      ({ registration }) => registration?.protocol === 'sccp',
      60_000,
    )
    t.match(hasRegistered, {
      label: 'enrolled automatically',
      registration: { protocol: 'sccp' },
    })
  }
  const { code, output } = await simulated
  t.equal(code, 0, `${output}\n${appliance.output.slice(-4_000)}`)
  const report = JSON.parse(output) as { readonly phones: readonly object[] }
  t.match(report.phones, [
    { runs: TO, registered: { protocol: 'sccp', server: '10.20.0.2' } },
    { runs: TO, registered: { protocol: 'sccp', server: '10.20.0.2' } },
  ])
})
