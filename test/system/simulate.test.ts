import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { ROOT } from '../support/source-files.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, Lab, RELAY_INTERFACE, SERVER_INTERFACE } from './support/lab.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { testWith } from './support/test-with.ts'

const LOAD = 'P0S3-8-12-00'
const LOADER = 'P003-8-12-00'

/** The scenario of docs/simulator.md, as it stands there. Its other block of YAML is a configuration. */
const GUIDE = /```yaml\n(interface:[\s\S]*?)```/.exec(
  readFileSync(join(ROOT, 'docs/simulator.md'), 'utf8'),
)?.[1]

const XML_DEFAULT = `<Default><callManagerGroup><members><member priority="0"><callManager>
<ports><ethernetPhonePort>2000</ethernetPhonePort></ports><processNodeName>10.20.0.2</processNodeName>
</callManager></member></members></callManagerGroup>
<loadInformation7 model="IP Phone 7960">${LOAD}</loadInformation7>
<loadInformation8 model="IP Phone 7940">${LOAD}</loadInformation8></Default>
`

type Outcome = { readonly mac: string; readonly asExpected: boolean; readonly why: string | null }
type Report = { readonly asExpected: boolean; readonly phones: readonly Outcome[] }

t.setTimeout(240_000)

/** dnsmasq as DHCP and TFTP server over a root that somebody put together by hand. */
function aDnsmasq(t: Test, files: Readonly<Record<string, string>>) {
  const lab = Lab.open(t, '10.20.0.2/24')
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-root-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  for (const [name, bytes] of makeFirmwareSet(LOAD)) writeFileSync(join(dir, name), bytes)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  const leases = `--dhcp-leasefile=${join(tmpdir(), `${lab.server}.leases`)}`
  t.teardown(() => rmSync(leases.slice('--dhcp-leasefile='.length), { force: true }))
  const range = '--dhcp-range=10.20.0.50,10.20.0.99,5m'
  const listen = [`--interface=${SERVER_INTERFACE}`, '--bind-interfaces', '--port=0']
  const tftp = ['--enable-tftp', `--tftp-root=${dir}`, '--dhcp-option=150,10.20.0.2']
  const rest = ['--user=root', '--keep-in-foreground', '--conf-file=/dev/null', '--no-ping']
  lab.startIn(lab.server, 'dnsmasq', ...rest, ...listen, range, leases, ...tftp)
  const client = lab.plugIn('02:00:00:00:a0:01')
  const scenario = join(dir, 'scenario.yaml')
  return {
    simulate: (yaml: string, ...options: readonly string[]) => {
      writeFileSync(scenario, yaml)
      const args = [MAIN, 'simulate', scenario, '--interface', CLIENT_INTERFACE, ...options]
      return lab.run(client, process.execPath, ...args)
    },
  }
}

const ROOT_FILES = {
  'OS79XX.TXT': 'P003-8-12-00\n',
  'XMLDefault.cnf.xml': XML_DEFAULT,
}

testWith(['dnsmasq'], 'the scenario of the guide ends as the guide says', async (t) => {
  const dnsmasq = aDnsmasq(t, ROOT_FILES)
  const { code, output } = await dnsmasq.simulate(GUIDE ?? '', '--json', '--timeout', '50')
  const { asExpected, phones } = JSON.parse(output) as Report
  t.equal(code, 1, output)
  t.equal(asExpected, false)
  t.match(phones, [
    { mac: '02000000A060', asExpected: true, runs: LOAD },
    { mac: '02000000A061', asExpected: true, runs: LOAD },
    { mac: '02000000A062', asExpected: true, runs: 'P00305000300', written: [] },
    { mac: '02000000A063', asExpected: false, why: /^its boot has not ended/ },
  ])
})

testWith(['dnsmasq'], 'a root that does not convert says which file it lacked', async (t) => {
  const dnsmasq = aDnsmasq(t, { ...ROOT_FILES, 'OS79XX.TXT': 'P0S3-06-3-00\n' })
  const { code, output } = await dnsmasq.simulate(`
interface: lab1
speed: 20
phones:
  - { mac: "02:00:00:00:a0:60", load: P00305000300, expect: P0S3-8-12-00 }
  - { mac: "02:00:00:00:a0:61", load: P00308000500, expect: P0S3-8-12-00, knobs: { lossRate: 0.001 } }
`)
  t.equal(code, 1)
  t.match(output, `02000000A060: it runs P00305000300; wanted it to run ${LOAD}`)
  t.match(output, `${LOAD}.sbn was not found.`)
  t.match(output, '1 of 2 phones ended as expected.')
})

testWith(
  ['ip'],
  'without a server there is no address, and that proves nothing else',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const client = lab.plugIn('02:00:00:00:a0:01')
    const dir = mkdtempSync(join(tmpdir(), 'switchhook-root-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    const file = join(dir, 'scenario.yaml')
    writeFileSync(
      file,
      `interface: ${CLIENT_INTERFACE}
speed: 100
phones:
  - { mac: "02:00:00:00:a0:60", load: P00305000300, expect: no-address }
  - { mac: "02:00:00:00:a0:61", load: P00305000300, expect: unchanged }
`,
    )
    const { code, output } = await lab.run(client, process.execPath, MAIN, 'simulate', file)
    t.equal(code, 1)
    t.match(output, '02000000A061: it has no address; wanted it to run on unchanged.')
    t.match(output, '1 of 2 phones ended as expected.')
    const other = [MAIN, 'simulate', file, '--interface', 'lab9']
    const refused = await lab.run(client, process.execPath, ...other)
    t.equal(refused.code, 69, refused.output)
    t.match(refused.output, /simulate: .*lab9/)
  },
)

t.test('phones with quirks convert on the appliance, and an odd one keeps its load', async (t) => {
  const { appliance, dhcpPort, tftpPort } = await aLoopbackBench(t, { loads: [LOAD] })
  const macs = ['02000000A060', '02000000A061', '02000000A062']
  for (const [index, mac] of macs.entries()) {
    await appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
    const from = index === 0 ? 'P00308000500' : LOAD
    await appliance.api.put(`/v1/phones/${mac}/conversion`, { from, to: LOAD })
  }
  const file = join(appliance.dir, 'habits.yaml')
  writeFileSync(
    file,
    `loopback: 127.84.0.1
server: 127.0.0.1
dhcpPort: ${dhcpPort}
tftpPort: ${tftpPort}
speed: 20
watch: 6m
phones:
  - { mac: "${macs[0]}", load: P00308000500, expect: ${LOAD}, knobs: { sourcePort: 50919 } }
  - { mac: "${macs[1]}", load: ${LOAD}, expect: ${LOAD}, factoryResets: [2m] }
  - { mac: "${macs[2]}", load: ${LOAD}, expect: unchanged, checkSyncs: [2m] }
`,
  )
  const { code, output } = await run(process.execPath, [MAIN, 'simulate', file, '--json'])
  t.equal(code, 0, output)
  const { phones } = JSON.parse(output) as Report
  t.match(phones, [
    { asExpected: true, written: [`${LOADER}.sbn`, `${LOAD}.sb2`] },
    { asExpected: true, written: [`${LOAD}.sb2`] },
    { asExpected: true, written: [] },
  ])
  t.match(await appliance.api.get(`/v1/phones/${macs[0]}/conversion`), { state: 'confirmed' })
})

t.test('a trace of a real conversion, sent again, is confirmed by the appliance', async (t) => {
  const { appliance, dhcpPort, tftpPort } = await aLoopbackBench(t, { loads: [LOAD] })
  const mac = '02000000A060'
  await appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
  await appliance.api.put(`/v1/phones/${mac}/conversion`, { from: 'P00308000500', to: LOAD })
  const place = [
    '--loopback',
    '127.84.0.1',
    '--dhcp-port',
    `${dhcpPort}`,
    '--tftp-port',
    `${tftpPort}`,
  ]
  const trace = join(ROOT, 'test/vectors/field/jh-n-conversion.jsonl')
  const options = ['--replay', trace, '--mac', mac, '--speed', '20', '--json']
  const { output } = await run(process.execPath, [MAIN, 'simulate', ...options, ...place])
  const { requests } = JSON.parse(output) as {
    readonly requests: readonly {
      readonly name: string
      readonly here: { readonly kind: string }
    }[]
  }
  const images = requests.filter(({ name }) => /\.(?:loads|sbn|sb2)$/.test(name))
  t.same(
    images.map(({ here }) => here.kind),
    ['file', 'file', 'file', 'file'],
    output,
  )
  t.match(await appliance.api.get(`/v1/phones/${mac}/conversion`), { state: 'confirmed' })
})

testWith(
  ['dhcrelay'],
  'a phone behind a relay agent reaches its server by the router that DHCP names',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const relay = lab.plugIn('02:00:00:00:00:09')
    lab.setAddress(relay, '10.20.0.9/24')
    const phone = lab.plugInBehind(relay, '10.40.0.1/24', '02:00:00:00:00:0a')
    lab.addRoute(lab.server, '10.40.0.0/24', '10.20.0.9')
    const appliance = await anAppliance(
      t,
      `dataDir: '{dir}/data'
conversions: { phoneSpeed: 20 }
networks:
  - { name: lan, interface: ${SERVER_INTERFACE}, address: 10.20.0.2, subnet: 10.20.0.0/24, probe: false }
  - name: branch
    relayed: true
    address: 10.20.0.2
    subnet: 10.40.0.0/24
    pool: [10.40.0.50-10.40.0.99]
    router: [10.40.0.1]
`,
      { apiPort: 8067, prefix: lab.besideServer },
    )
    const command = (...args: readonly string[]) =>
      lab.run(lab.server, process.execPath, MAIN, ...args)
    const zip = join(appliance.dir, `${LOAD}.zip`)
    writeFileSync(zip, await aFirmwareZip(LOAD))
    const mac = '02000000A060'
    for (const args of [
      ['firmware', 'add', zip],
      ['phones', 'add', mac, '--model', '7960', '--network', 'branch', '--line', '1201'],
      ['convert', mac, '--from', 'P00308000500', '--to', LOAD],
    ]) {
      const { code, output } = await command(...args)
      t.equal(code, 0, output)
    }
    const pid = ['-pf', join(appliance.dir, 'dhcrelay.pid')]
    const sides = ['-id', RELAY_INTERFACE, '-iu', CLIENT_INTERFACE]
    lab.startIn(relay, 'dhcrelay', '-4', '-d', ...pid, ...sides, '10.20.0.2')
    const place = ['--interface', CLIENT_INTERFACE, '--mac', mac, '--speed', '20']
    const simulate = [MAIN, 'simulate', ...place, '--load', 'P00308000500', '--until', LOAD]
    const { code, output } = await lab.run(phone, process.execPath, ...simulate, '--timeout', '50')
    t.equal(code, 0, output)
    t.notMatch(output, 'has failed')
  },
)
