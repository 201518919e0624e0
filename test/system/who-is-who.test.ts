import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { LabApi } from './support/lab-api.ts'
import { testWith } from './support/test-with.ts'

/** Without a loader: such a phone asks OS79XX.TXT first. */
const FROM = 'P00305000300'
const TO = 'P0S3-06-3-00'
const SERVER = '10.20.0.2'

/** Enrolled: with a fixed address, and without one. */
const FIXED = '000E84F00001'
const FIXED_AT = '10.20.0.40'
const PHONE = '000E84C060A8'
const FREE_AT = '10.20.0.210'
const UNKNOWN_DEVICE = '00AABBCCDDEE'

const withColons = (mac: string) => (mac.match(/../g) ?? []).join(':')

const yamlOf = (keys: string) => `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
conversions: { phoneSpeed: 20 }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: ${SERVER}
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    probe: false
${keys}`

/** What a request came to: the octets, or `absent`, or `silence`. */
type Answer = string

async function aBench(t: Test, keys = '') {
  const lab = Lab.open(t, `${SERVER}/24`)
  const appliance = await anAppliance(t, yamlOf(keys), { apiPort: 8067, prefix: lab.besideServer })
  const api = new LabApi(lab, 8067)
  for (const load of [FROM, TO]) {
    const zip = join(appliance.dir, `${load}.zip`)
    writeFileSync(zip, await aFirmwareZip(load))
    await api.postFile('/v1/firmware', zip, 'application/zip')
  }
  await api.put('/v1/profiles/sip', { protocol: 'sip', load: TO })
  const enrol = async (mac: string, address?: string) => {
    const lines = [{ name: '1', password: `secret-of-${mac}` }]
    const place = { network: 'bench', ...(address === undefined ? {} : { address }) }
    await api.put(`/v1/phones/${mac}`, { model: '7960', profile: 'sip', lines, ...place })
    await api.put(`/v1/phones/${mac}/conversion`, { to: TO, from: FROM, acceptOneWay: true })
  }
  await enrol(FIXED, FIXED_AT)
  await enrol(PHONE)
  const ask = async (client: string, name: string): Promise<Answer> => {
    const url = `tftp://${SERVER}/${name}`
    const asked = ['-sS', '--tftp-no-options', '-m', '3', url]
    const { code, output } = await lab.run(client, 'curl', ...asked)
    if (code === 0) return output
    return code === 68 ? 'absent' : 'silence'
  }
  const stateOf = async (mac: string) => {
    const conversion = await api.get<Conversion>(`/v1/phones/${mac}/conversion`)
    return `${conversion.state} ${conversion.steps[0]?.stage}`
  }
  return { lab, appliance, api, ask, enrol, stateOf }
}

const EVERYTHING = [
  `CTLSEP${UNKNOWN_DEVICE}.tlv`,
  `SEP${UNKNOWN_DEVICE}.cnf.xml`,
  'XMLDefault.cnf.xml',
  'OS79XX.TXT',
  `${TO}.bin`,
  `${TO}.sbn`,
  'SIPDefault.cnf',
]

t.setTimeout(400_000)

testWith(
  ['curl'],
  'an unknown device gets nothing, wherever it stands and whatever it asks',
  async (t) => {
    const { lab, ask, stateOf } = await aBench(t)
    const unknownDevice = lab.plugIn(withColons(UNKNOWN_DEVICE))
    for (const [why, address, own] of [
      ['P1, P2: at a fixed address', FIXED_AT, FIXED],
      ['P3: where a phone without an address could be', FREE_AT, PHONE],
      ['S5: a phone with a fixed address, asked for from another', FREE_AT, FIXED],
    ] as const) {
      lab.setAddress(unknownDevice, `${address}/24`)
      for (const name of [`SIP${own}.cnf`, `SEP${own}.cnf.xml`, ...EVERYTHING]) {
        t.equal(await ask(unknownDevice, name), 'absent', `${why}: ${name}`)
      }
    }
    t.equal(await stateOf(FIXED), 'waiting waiting')
    t.equal(await stateOf(PHONE), 'waiting waiting')
  },
)

testWith(
  ['curl'],
  'a phone with its address typed in is recognised from OS79XX.TXT on, and one after another at one address',
  async (t) => {
    const { lab, ask, enrol } = await aBench(t)
    const second = '000E84C060A9'
    await enrol(second)
    const macs = [PHONE, second]
    for (const [index, mac] of [PHONE, second, PHONE, second].entries()) {
      const phone = lab.plugIn(withColons(mac))
      lab.setAddress(phone, `${FREE_AT}/24`)
      const other = macs.find((one) => one !== mac)
      if (index < 2) t.match(await ask(phone, 'OS79XX.TXT'), TO, `phone ${index}`)
      t.match(await ask(phone, `SIP${mac}.cnf`), `secret-of-${mac}`)
      t.equal(await ask(phone, `SIP${other}.cnf`), 'absent', 'the files of the one before')
      lab.unplug(phone)
    }
    const unknownDevice = lab.plugIn(withColons(UNKNOWN_DEVICE))
    lab.setAddress(unknownDevice, `${FREE_AT}/24`)
    t.equal(await ask(unknownDevice, 'OS79XX.TXT'), 'absent', 'the last one is taken for nobody')
    t.equal(await ask(unknownDevice, `SIP${second}.cnf`), 'absent')
  },
)

testWith(['curl'], 'S4: one device that tries all phones gets no password', async (t) => {
  const { lab, ask, enrol } = await aBench(t)
  const macs = Array.from({ length: 6 }, (_, index) => `000E8500000${index}`)
  for (const mac of macs) await enrol(mac)
  const unknownDevice = lab.plugIn(withColons(UNKNOWN_DEVICE))
  for (const [index, mac] of macs.entries()) {
    lab.setAddress(unknownDevice, `10.20.0.${150 + index}/24`)
    t.equal(await ask(unknownDevice, `SIP${mac}.cnf`), 'absent', mac)
  }
})

testWith(
  ['curl'],
  'without an entry in the neighbour table there is silence, and the repeated request is served',
  async (t) => {
    const { lab, ask } = await aBench(t)
    const phone = lab.plugIn(withColons(PHONE))
    lab.setAddress(phone, `${FREE_AT}/24`)
    // The phone knows us and has no need to ask: we know it only by asking ourselves.
    lab.forgetNeighbour(FREE_AT)
    lab.setNeighbour(phone, SERVER)
    const beganAtMs = performance.now()
    t.match(await ask(phone, 'OS79XX.TXT'), TO, 'curl repeats its request after a second')
    t.ok(performance.now() - beganAtMs > 500, 'the first one was not answered')
    t.match(await ask(phone, `SIP${PHONE}.cnf`), 'secret-of')
  },
)

testWith(
  ['curl'],
  'identify: address takes the own name for proof, and another MAC for its end',
  async (t) => {
    const { lab, ask, stateOf } = await aBench(t, '    identify: address\n')
    const device = lab.plugIn(withColons(UNKNOWN_DEVICE))
    lab.setAddress(device, `${FIXED_AT}/24`)
    for (const name of EVERYTHING) t.equal(await ask(device, name), 'absent', `P1: ${name}`)
    t.equal(await stateOf(FIXED), 'waiting waiting', 'P2')
    t.match(await ask(device, `SIP${FIXED}.cnf`), 'secret-of', 'a device that speaks for a phone')
    t.not(await ask(device, 'SIPDefault.cnf'), 'absent')
    t.equal(await ask(device, `SEP${UNKNOWN_DEVICE}.cnf.xml`), 'absent')
    for (const name of EVERYTHING) t.equal(await ask(device, name), 'absent', `P3: ${name}`)
    lab.setAddress(device, `${FREE_AT}/24`)
    t.equal(await ask(device, `SIP${FIXED}.cnf`), 'absent', 'S5')
  },
)

testWith(
  ['curl'],
  'simulated phones on an interface have hardware addresses of their own, and leave nothing behind',
  async (t) => {
    const { lab, api, appliance, enrol } = await aBench(t)
    const macs = Array.from({ length: 12 }, (_, index) => `02000000A0${index + 10}`)
    for (const mac of macs) await enrol(mac)
    const scenario = join(appliance.dir, 'scenario.yaml')
    const phones = macs.map((mac) => `  - { mac: "${mac}", load: ${FROM}, expect: ${TO} }\n`)
    writeFileSync(
      scenario,
      `interface: ${CLIENT_INTERFACE}\nspeed: 20\nwatch: 2m\ntimeout: 120s\nphones:\n${phones.join('')}` +
        `  - { mac: "${UNKNOWN_DEVICE}", load: ${FROM}, expect: no-address }\n`,
    )
    const client = lab.plugIn('02:00:00:00:cc:01')
    const { code, output } = await lab.run(client, process.execPath, MAIN, 'simulate', scenario)
    t.equal(code, 0, output)
    const ended = await eventually(
      () => api.get<readonly Conversion[]>('/v1/conversions'),
      (list) => list.filter(({ state }) => state === 'confirmed').length >= macs.length,
      60_000,
    )
    t.equal(ended.filter(({ state }) => state === 'confirmed').length, macs.length)

    const args = ['--mac', macs[0] ?? '', '--load', TO, '--interface', CLIENT_INTERFACE]
    const killed = lab.startIn(client, process.execPath, MAIN, 'simulate', ...args)
    await pause(4_000)
    await killed.stop()
    await pause(1_000)
    const { output: links } = await lab.run(client, 'ip', '-o', 'link')
    t.notMatch(links, /macvlan|p02000000/, 'SIGKILL leaves no device')
    const { output: addresses } = await lab.run(client, 'ip', '-o', '-4', 'address')
    t.notMatch(addresses, '10.20.0.', 'and no address')
  },
)
