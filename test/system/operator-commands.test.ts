import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const FROM = 'P00308000500'
const TO = 'P0S3-8-12-00'
const PHONE = '02000000A060'

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
    probe: false
`

t.setTimeout(300_000)

testWith(
  [],
  'a working day by commands: profile, file, phone, conversion, leases, events, reports, backup',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const appliance = await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
    const at = (name: string) => join(appliance.dir, name)
    const switchhook = (...args: readonly string[]) => {
      const [command = '', ...rest] = [...lab.besideServer, process.execPath, MAIN, ...args]
      return run(command, rest)
    }
    /** What a command prints that succeeds. */
    const says = async (...args: readonly string[]) => {
      const { code, output } = await switchhook(...args)
      t.equal(code, 0, `${args.join(' ')}: ${output}`)
      return output
    }
    const json = async (...args: readonly string[]) => JSON.parse(await says(...args, '--json'))

    writeFileSync(at('set.zip'), await aFirmwareZip(TO))
    t.match(await says('firmware', 'add', at('set.zip')), 'P0S3-8-12-00 added')
    const parameters = ['--set', 'proxy1_address=10.20.0.9', '--set', 'phone_password=hush-hush']
    await says('profiles', 'add', 'to-sip', '--protocol', 'sip', '--load', TO, ...parameters)
    await says('profiles', 'set', 'to-sip', '--set', 'proxy1_address=10.20.0.10')
    const [profile] = await json('profiles', 'list')
    t.match(profile, { sip: { proxy1_address: '10.20.0.10' }, secretSettings: ['phone_password'] })
    t.equal((await switchhook('profiles', 'add', 'to-sip', '--load', TO)).code, 1)

    writeFileSync(at('chime.raw'), Buffer.from([0, 255, 10]))
    await says('shared-files', 'add', at('chime.raw'))
    await says('shared-files', 'get', 'chime.raw', '--output', at('copy.raw'))
    t.same(readFileSync(at('copy.raw')), readFileSync(at('chime.raw')))

    await says(
      'phones',
      'add',
      PHONE,
      '--network',
      'bench',
      '--profile',
      'to-sip',
      '--line',
      '1201',
    )
    await says('convert', PHONE, '--to', TO, '--from', FROM)
    const scenario =
      `interface: ${CLIENT_INTERFACE}\nspeed: 20\ntimeout: 55s\nphones:\n` +
      `  - { mac: "02:00:00:00:a0:60", load: ${FROM}, expect: ${TO} }\n`
    writeFileSync(at('scenario.yaml'), scenario)
    const place = lab.plugIn('02:00:00:00:a0:60')
    const simulated = await lab.run(place, process.execPath, MAIN, 'simulate', at('scenario.yaml'))
    t.equal(simulated.code, 0, simulated.output)
    await says('convert', PHONE, '--wait')

    const leases = await json('leases', 'list', '--mac', PHONE, '--state', 'bound')
    t.match(leases, [{ network: 'bench', mac: PHONE }])
    t.match(await says('networks', 'show', 'bench'), /\ndhcp\.ack\.sent:selecting +\d/)
    t.match(await says('networks', 'list'), /\nbench .* yes\n/)
    const confirmed = ['--event', 'conversion.confirmed', '--mac', PHONE, '--since', '10m']
    t.match(await says('events', 'list', ...confirmed), `  ${PHONE}  `)
    t.equal(await says('events', 'list', '--event', 'conversion.', '--level', 'warn'), '')

    const report = await says('report', PHONE)
    t.match(report, new RegExp(`\\nFrom +${FROM}\\nTo +${TO}\\nState +confirmed\\nConfirmed by +`))
    t.match(report, /\nStarted by +an operator \(loopback, 127\.0\.0\.1\)\n/)
    t.match(report, /\.sb2, \d+ bytes\n {2}sha256 [0-9a-f]{64}\n/)
    t.notMatch(report, 'hush-hush')
    const { conversion, fetched, firmware } = await json('report', PHONE)
    t.ok(conversion.evidence.length > 0)
    const sent = fetched.find(({ name }: { name: string }) => name.endsWith('.sb2'))
    const files = firmware.flatMap((set: { files: unknown[] }) => set.files)
    t.match(
      files.find(({ name }: { name: string }) => name === sent.name),
      { sha256: sent.sha256 },
      'what was sent is what is stored',
    )

    const [{ address }] = leases
    await says('leases', 'free', address)
    t.same(await json('leases', 'list', '--mac', PHONE), [])
    await says('shared-files', 'remove', 'chime.raw')
    t.same(await json('shared-files', 'list'), [])

    const data = at('data')
    await says('backup', at('backup.db'), '--data-dir', data)
    await says('phones', 'remove', PHONE)
    await says('profiles', 'remove', 'to-sip')
    t.same(await json('profiles', 'list'), [])
    t.equal(
      (await switchhook('restore', at('backup.db'), '--data-dir', data, '--replace')).code,
      69,
    )
    await appliance.stop()
    t.match(await says('restore', at('backup.db'), '--data-dir', data, '--replace'), 'is kept as')
    await appliance.start()
    t.match(await json('profiles', 'list'), [{ name: 'to-sip' }], 'all of it is back')
    t.match(await json('report', PHONE), { conversion: { state: 'confirmed', to: TO } })
  },
)
