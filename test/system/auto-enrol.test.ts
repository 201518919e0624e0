import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { LabApi } from './support/lab-api.ts'
import { testWith } from './support/test-with.ts'

const TO = 'P0S3-8-12-00'

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
conversions: { phoneSpeed: 20 }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    autoEnrol: to-sip
    probe: false
`

/** What else is plugged in, how it introduces itself, and what it asks for first. */
const OTHER_DEVICES = [
  {
    what: 'a 7941',
    mac: '02:00:00:00:b0:41',
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7941G',
    asksFor: 'term41.default.loads',
  },
  {
    what: 'a 7905',
    mac: '02:00:00:00:b0:05',
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7905G',
    asksFor: 'ld02000000b005',
  },
  { what: 'a laptop', mac: '02:00:00:00:b0:99', vendorClass: 'MSFT 5.0', asksFor: 'OS79XX.TXT' },
]

t.setTimeout(240_000)

testWith(
  ['udhcpc', 'curl'],
  'on a bench an unknown 7960 converts, and whatever else is plugged in is left alone',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const appliance = await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
    const api = new LabApi(lab, 8067)
    const zip = join(appliance.dir, 'set.zip')
    writeFileSync(zip, await aFirmwareZip(TO))
    await api.postFile('/v1/firmware', zip, 'application/zip')
    await api.put('/v1/profiles/to-sip', { protocol: 'sip', load: TO })

    for (const { what, mac, vendorClass, asksFor } of OTHER_DEVICES) {
      const client = lab.plugIn(mac)
      const patience = ['-f', '-q', '-n', '-t', '3', '-T', '1', '-A', '1', '-s', '/bin/true']
      const dhcp = ['-i', CLIENT_INTERFACE, '-V', vendorClass, ...patience]
      await lab.run(client, 'udhcpc', ...dhcp)
      // With an address or without: whoever asks for a file gets none.
      lab.setAddress(client, '10.20.0.50/24')
      const url = `tftp://10.20.0.2/${asksFor}`
      const file = await lab.run(client, 'curl', '-sS', '-m', '3', '-o', '/dev/null', url)
      t.not(file.code, 0, `${what} gets no ${asksFor}`)
      lab.unplug(client)
    }
    t.same(await api.get('/v1/phones'), [], 'nobody of them was enrolled')

    const scenario = join(appliance.dir, 'scenario.yaml')
    writeFileSync(
      scenario,
      `interface: ${CLIENT_INTERFACE}\nspeed: 20\ntimeout: 55s\nphones:\n` +
        `  - { mac: "02:00:00:00:a0:60", load: P00308000500, expect: ${TO} }\n`,
    )
    const phone = lab.plugIn('02:00:00:00:a0:60')
    const { code, output } = await lab.run(phone, process.execPath, MAIN, 'simulate', scenario)
    t.equal(code, 0, output)
    const end = await eventually(
      () => api.get<Conversion>('/v1/phones/02000000A060/conversion'),
      ({ state }) => state === 'confirmed',
      20_000,
    )
    t.match(end, { state: 'confirmed', to: TO, diagnosis: null })
    const phones = await api.get<readonly { mac: string }[]>('/v1/phones')
    t.same(
      phones.map(({ mac }) => mac),
      ['02000000A060'],
    )
  },
)
