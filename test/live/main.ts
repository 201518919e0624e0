import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { aFirmwareZip } from '../system/support/a-firmware-zip.ts'
import { anAppliance, MAIN, run } from '../system/support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SERVER_INTERFACE } from '../system/support/lab.ts'
import { LabApi } from '../system/support/lab-api.ts'

// `npm run live`: three conversions at the speed of real phones, side by side, each restarted by another
// method. No window is divided, so it takes about ten minutes; `npm test` has the same at fifty times the speed.

const PHONES = [
  { mac: '02000000A070', from: 'P0S3-07-4-00', to: 'P0S3-8-12-00', method: 'notify' },
  { mac: '02000000A071', from: 'P00308000500', to: 'P0S3-8-12-00', method: 'sccp' },
  { mac: '02000000A072', from: 'P0S30203', to: 'P0S3-04-4-00', method: 'poe' },
] as const

const CONFIGURATION = (communityFile: string) => `
dataDir: '{dir}/data'
api: { listen: 127.0.0.1:8067 }
callControl: { sip: { port: 5060 }, sccp: { port: 2000 } }
switches:
  - { name: sw1, host: 10.20.0.250, snmp: { version: 2c, communityFile: ${communityFile} }, portGroup: 1 }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    callControl: true
`

const SCENARIO = `
interface: ${CLIENT_INTERFACE}
speed: 1
watch: 12m
timeout: 15m
switch: { address: 10.20.0.250, community: secret-community }
phones:
${PHONES.map(
  ({ mac, from, to }, index) =>
    `  - { mac: "${mac.replace(/..(?=.)/g, '$&:')}", load: ${from}, switchPort: ${7 + index}, expect: ${to} }`,
).join('\n')}
`

t.setTimeout(1_200_000)

t.test('three phones at real speed, without manual restarts', async (t) => {
  const lab = Lab.open(t, '10.20.0.2/24')
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-live-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const community = join(dir, 'community')
  writeFileSync(community, 'secret-community\n', { mode: 0o600 })
  await anAppliance(t, CONFIGURATION(community), { apiPort: 8067, prefix: lab.besideServer })
  const api = new LabApi(lab, 8067)
  for (const load of new Set(PHONES.flatMap(({ from, to }) => [from, to]))) {
    const zip = join(dir, `${load}.zip`)
    writeFileSync(zip, await aFirmwareZip(load))
    const url = 'http://127.0.0.1:8067/v1/firmware'
    const type = ['-H', 'content-type: application/zip', '--data-binary', `@${zip}`, url]
    const sent = await lab.run(lab.server, 'curl', '-sS', '--fail-with-body', ...type)
    t.equal(sent.code, 0, sent.output)
  }
  for (const [index, { mac }] of PHONES.entries()) {
    const switchPort = `sw1/${7 + index}`
    await api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench', switchPort })
  }
  const client = lab.plugIn('02:00:00:00:a0:01')
  const scenario = join(dir, 'scenario.yaml')
  writeFileSync(scenario, SCENARIO)
  const args = ['netns', 'exec', client, process.execPath, MAIN, 'simulate', scenario, '--json']
  const simulated = run('ip', args, 1_000_000)
  // They run what they came with for two minutes, and register if they can.
  await new Promise((resolve) => setTimeout(resolve, 120_000))
  for (const { mac, from, to } of PHONES) {
    await api.put(`/v1/phones/${mac}/conversion`, { from, to, restart: 'auto' })
  }
  for (const { mac, to, method } of PHONES) {
    const conversion = () => api.get<Conversion>(`/v1/phones/${mac}/conversion`)
    const end = await eventually(conversion, ({ state }) => state === 'confirmed', 600_000)
    const events = JSON.stringify(await api.get<object>(`/v1/events?mac=${mac}&limit=500`))
    t.match(end, { state: 'confirmed', to }, `${JSON.stringify(end)} ${events}`)
    t.match(events, '"phone.restart.seen"')
    t.match(events, `"method":"${method}"`)
  }
  const { output } = await simulated
  t.match(
    (JSON.parse(output) as { phones: readonly object[] }).phones,
    PHONES.map(({ to }) => ({ runs: to })),
    output,
  )
})
