import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { anAppliance, MAIN, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    probe: false
`

type Device = { readonly mac: string; readonly reason: string; readonly hostName: string }

t.setTimeout(240_000)

testWith(
  ['udhcpc', 'busybox'],
  'who asks and is not enrolled is listed over a restart, and enrolled by one command',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const appliance = await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
    const switchhook = (...args: readonly string[]) => {
      const [command = '', ...rest] = [...lab.besideServer, process.execPath, MAIN, ...args]
      return run(command, rest)
    }
    const listed = async () => {
      const { code, output } = await switchhook('devices', 'list', '--json')
      t.equal(code, 0, output)
      return JSON.parse(output) as readonly Device[]
    }
    const asksForAnAddress = (client: string, ...more: readonly string[]) => {
      const patience = ['-f', '-q', '-n', '-t', '3', '-T', '1', '-A', '1', '-s', '/bin/true']
      const vendorClass = 'Cisco Systems, Inc. IP Phone CP-7960G'
      return lab.run(
        client,
        'udhcpc',
        '-i',
        CLIENT_INTERFACE,
        '-V',
        vendorClass,
        ...patience,
        ...more,
      )
    }

    t.match((await switchhook('devices', 'list')).output, /^No unknown device/)
    const phone = lab.plugIn('02:00:00:00:a0:60')
    const refused = await asksForAnAddress(phone, '-x', 'hostname:SEP02000000A060')
    t.not(refused.code, 0, 'it is not enrolled and gets no address')
    const typedIn = lab.plugIn('02:00:00:00:a0:61')
    lab.setAddress(typedIn, '10.20.0.77/24')
    await lab.run(
      typedIn,
      'busybox',
      'tftp',
      '-g',
      '-r',
      'OS79XX.TXT',
      '-l',
      '/dev/null',
      '10.20.0.2',
    )
    t.match(await listed(), [
      { mac: '02000000A061', network: 'bench', reason: 'not-enrolled', vendorClass: '' },
      {
        mac: '02000000A060',
        network: 'bench',
        reason: 'not-enrolled',
        hostName: 'SEP02000000A060',
      },
    ])
    const log = await switchhook('log', '--mac', '02000000A060')
    t.match(
      log.output,
      /is not an enrolled phone and was not served: not-enrolled; vendor class Cisco/,
    )

    await appliance.stop()
    await appliance.start()
    t.equal((await listed()).length, 2, 'a restart keeps them')

    const enrolled = await switchhook('devices', 'enrol', '02:00:00:00:a0:60', '--label', 'Desk 12')
    t.match(enrolled, { code: 0, output: '02000000A060 is enrolled on network bench\n' })
    t.match(await listed(), [{ mac: '02000000A061' }])
    t.equal((await asksForAnAddress(phone)).code, 0, 'and now it gets its address')
    t.equal((await switchhook('devices', 'forget', '02000000A061')).code, 0)
    t.same(await listed(), [])
  },
)

testWith(
  ['udhcpc', 'curl'],
  'a phone that automatic enrolment cannot enrol needs attention until it can',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const yaml = `${YAML}    autoEnrol: to-sip\n    onRogueServer: warn\n`
    const appliance = await anAppliance(t, yaml, { apiPort: 8067, prefix: lab.besideServer })
    const switchhook = (...args: readonly string[]) => {
      const [command = '', ...rest] = [...lab.besideServer, process.execPath, MAIN, ...args]
      return run(command, rest)
    }
    const phone = lab.plugIn('02:00:00:00:a0:60')
    const vendorClass = 'Cisco Systems, Inc. IP Phone CP-7960G'
    const dhcp = ['-i', CLIENT_INTERFACE, '-V', vendorClass, '-f', '-q', '-n', '-s', '/bin/true']
    t.equal((await lab.run(phone, 'udhcpc', ...dhcp)).code, 0)
    const file = join(appliance.dir, 'lease')
    writeFileSync(file, '')
    lab.setAddress(phone, '10.20.0.50/24')
    const asks = () =>
      lab.run(
        phone,
        'curl',
        '-sS',
        '-m',
        '3',
        '-o',
        file,
        'tftp://10.20.0.2/SEP02000000A060.cnf.xml',
      )
    await asks()
    await asks()
    const status = await switchhook('status')
    t.equal(status.code, 0, 'phones are served all the same')
    t.match(status.output, /02000000A060 +bench +could not be enrolled: .*no profile to-sip/)
    const devices = await switchhook('devices', 'list')
    t.match(devices.output, /02000000A060 +bench .* automatic enrolment failed +Cisco/)
    const profile = join(appliance.dir, 'profile.json')
    writeFileSync(profile, '{"protocol":"sip","load":"P0S3-8-12-00"}')
    const json = ['-H', 'content-type: application/json', '--data-binary', `@${profile}`]
    const url = 'http://127.0.0.1:8067/v1/profiles/to-sip'
    const [command = '', ...prefix] = lab.besideServer
    const put = await run(command, [...prefix, 'curl', '-sS', '-X', 'PUT', ...json, url])
    t.equal(put.code, 0, put.output)
    await asks()
    await asks()
    t.match((await switchhook('devices', 'list')).output, /^No unknown device/)
    const after = await switchhook('status')
    t.match(after.output, /02000000A060 +bench +enrolled, but not converted yet: .*not available/)
  },
)
