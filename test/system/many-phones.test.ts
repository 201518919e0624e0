import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, freeTcpPort, freeUdpPort, MAIN, run } from './support/appliance-process.ts'
import { eventually } from './support/lab.ts'

const PHONES = 200
const OTHER_DEVICES = 50

/** Conversions of one step each, so that the load on the wire is images and not the wait between steps. */
const ROUTES = [
  { from: 'P00308000500', to: 'P0S3-8-12-00' },
  { from: 'P0S3-8-12-00', to: 'P00308000500' },
  { from: 'P00305000300', to: 'P0S3-06-3-00' },
  { from: 'P0S3-07-5-00', to: 'P0S3-8-12-00' },
] as const

const yamlOf = (apiPort: number, dhcpPort: number, tftpPort: number) => `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:${apiPort}' }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
conversions: { phoneSpeed: 20 }
networks:
  - name: floor
    relayed: true
    address: 127.0.0.1
    subnet: 127.84.0.0/22
    pool: [127.84.1.0-127.84.2.255]
    admit: anyone
    probe: false
`

const macOf = (group: number, index: number) =>
  `0200000${group}${index.toString(16).toUpperCase().padStart(4, '0')}`

type Route = (typeof ROUTES)[number]
const routeOf = (index: number) => ROUTES[index % ROUTES.length] as Route
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

t.setTimeout(300_000)

t.test('200 phones reach their targets beside 50 others, all at once', async (t) => {
  const [apiPort, dhcpPort, tftpPort] = await Promise.all([
    freeTcpPort(),
    freeUdpPort(),
    freeUdpPort(),
  ])
  const appliance = await anAppliance(t, yamlOf(apiPort, dhcpPort, tftpPort), { apiPort })
  const { api } = appliance
  for (const load of new Set(ROUTES.flatMap(({ from, to }) => [from, to]))) {
    await api.post('/v1/firmware', await aFirmwareZip(load), 'application/zip')
  }
  for (const index of numbers(PHONES)) {
    const path = `/v1/phones/${macOf(0, index)}`
    await api.put(path, { model: '7960', network: 'floor' })
    await api.put(`${path}/conversion`, routeOf(index))
  }
  const phone = (group: number, index: number, expected: string) =>
    `  - { mac: "${macOf(group, index)}", load: ${routeOf(index).from}, expect: ${expected} }\n`
  const scenario = join(appliance.dir, 'scenario.yaml')
  writeFileSync(
    scenario,
    `loopback: 127.84.0.1\ndhcpPort: ${dhcpPort}\ntftpPort: ${tftpPort}\n` +
      'speed: 20\nstagger: 1s\nwatch: 20m\ntimeout: 170s\nphones:\n' +
      numbers(PHONES)
        .map((index) => phone(0, index, routeOf(index).to))
        .join('') +
      numbers(OTHER_DEVICES)
        .map((index) => phone(1, index, 'unchanged'))
        .join(''),
  )
  const { code, output } = await run(process.execPath, [MAIN, 'simulate', scenario], 190_000)
  t.equal(code, 0, output.slice(-3_000))
  t.match(output, '250 of 250 phones ended as expected.')
  const ends = await eventually(
    () => api.get<readonly { state: string }[]>('/v1/conversions'),
    (list) => list.every(({ state }) => state === 'confirmed'),
    30_000,
  )
  t.equal(ends.filter(({ state }) => state === 'confirmed').length, PHONES)
})
