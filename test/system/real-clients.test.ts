import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, Lab, lackingForLab, SERVER_INTERFACE } from './support/lab.ts'

const LOAD = 'P0S3-06-3-00'
const IMAGE = `${LOAD}.sbn`
const PHONE = '02:00:00:00:a0:60'
const UNKNOWN_DEVICE = '02:00:00:00:00:99'

const lacking = lackingForLab(['ip', 'udhcpc', 'dhclient', 'busybox', 'tftp', 'curl'])

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:
  - name: bench
    vlan: 120
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    router: [10.20.0.1]
    dns: [10.20.0.1]
    domain: lab.example
    leaseTime: 5m
    probe: false
`

/** An appliance on a bench, a phone enrolled and about to be converted. */
async function aBench(t: Test) {
  const lab = Lab.open(t, '10.20.0.2/24')
  const appliance = await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-lab-'))
  // udhcpc tells its script by the environment; this one prints it.
  const printEnvironment = join(dir, 'print-environment')
  writeFileSync(printEnvironment, '#!/bin/sh\nexec env\n', { mode: 0o755 })
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const api = async (method: string, path: string, body: string | Buffer, type: string) => {
    const file = join(dir, 'body')
    writeFileSync(file, body)
    // curl, beside the server, because the API listens on that namespace's loopback alone.
    const args = ['netns', 'exec', lab.server, 'curl', '-sS', '--fail-with-body', '-X', method]
    const url = `http://127.0.0.1:8067${path}`
    return run('ip', [...args, '-H', `content-type: ${type}`, '--data-binary', `@${file}`, url])
  }
  const zip = await aFirmwareZip(LOAD)
  t.match(await api('POST', '/v1/firmware', zip, 'application/zip'), { code: 0 })
  const phone = JSON.stringify({ model: '7960', network: 'bench' })
  t.match(await api('PUT', `/v1/phones/${PHONE}`, phone, 'application/json'), { code: 0 })
  const request = JSON.stringify({ to: LOAD, from: 'P00305000300' })
  const started = await api('PUT', `/v1/phones/${PHONE}/conversion`, request, 'application/json')
  t.match(started, { code: 0 }, started.output)
  return { lab, appliance, dir, printEnvironment }
}

t.setTimeout(300_000)

if (lacking !== '') {
  console.log(`# left out: real clients in namespaces (not here: ${lacking})`)
} else {
  t.test(
    'udhcpc: the enrolled phone gets its options, an unknown device gets nothing',
    async (t) => {
      const { lab, printEnvironment } = await aBench(t)
      const phone = lab.plugIn(PHONE)
      const unknownDevice = lab.plugIn(UNKNOWN_DEVICE)
      const options = [
        '-i',
        CLIENT_INTERFACE,
        '-f',
        '-q',
        '-n',
        '-t',
        '3',
        '-T',
        '2',
        '-s',
        printEnvironment,
      ]
      const wanted = ['-O', 'tftp', '-O', '150', '-O', 'router', '-O', 'dns', '-O', 'domain']
      const got = await lab.run(phone, 'udhcpc', ...options, ...wanted)
      t.equal(got.code, 0, got.output)
      for (const line of [
        'ip=10.20.0.50',
        'subnet=255.255.255.0',
        'router=10.20.0.1',
        'dns=10.20.0.1',
        'domain=lab.example',
        'serverid=10.20.0.2',
        'lease=300',
        'siaddr=10.20.0.2',
        'tftp=10.20.0.2',
        'opt150=0a140002',
      ]) {
        t.match(got.output, line)
      }
      const nothing = await lab.run(unknownDevice, 'udhcpc', ...options)
      t.equal(nothing.code, 1, 'only enrolled phones are served')
    },
  )

  t.test('dhclient: gets a lease, comes back to it, and gives it back', async (t) => {
    const { lab, appliance, dir } = await aBench(t)
    const phone = lab.plugIn(PHONE)
    const leases = join(dir, 'dhclient.leases')
    const files = ['-lf', leases, '-pf', join(dir, 'dhclient.pid'), '-sf', '/bin/true']
    const first = await lab.run(phone, 'dhclient', '-4', '-1', '-v', ...files, CLIENT_INTERFACE)
    t.match(first.output, 'DHCPACK of 10.20.0.50 from 10.20.0.2')
    lab.setAddress(phone, '10.20.0.50/24')
    const stop = await lab.run(phone, 'dhclient', '-4', '-x', ...files, CLIENT_INTERFACE)
    t.equal(stop.code, 0)
    const again = await lab.run(phone, 'dhclient', '-4', '-1', '-v', ...files, CLIENT_INTERFACE)
    t.match(
      again.output,
      /DHCPREQUEST for 10\.20\.0\.50[\s\S]*DHCPACK of 10\.20\.0\.50/,
      'INIT-REBOOT',
    )
    const release = await lab.run(phone, 'dhclient', '-4', '-r', '-v', ...files, CLIENT_INTERFACE)
    t.match(release.output, 'DHCPRELEASE of 10.20.0.50')
    t.equal(await appliance.printed('"dhcp.lease.released"'), true, 'and the log says so')
  })

  t.test('busybox tftp, tftp-hpa and curl: the phone gets the same bytes as went in', async (t) => {
    const { lab, dir } = await aBench(t)
    const wanted = Buffer.from(makeFirmwareSet(LOAD).get(IMAGE) ?? [])
    const phone = lab.plugIn(PHONE)
    const unknownDevice = lab.plugIn(UNKNOWN_DEVICE)
    const options = ['-i', CLIENT_INTERFACE, '-f', '-q', '-n', '-s', '/bin/true']
    t.equal((await lab.run(phone, 'udhcpc', ...options)).code, 0)
    lab.setAddress(phone, '10.20.0.50/24')
    lab.setAddress(unknownDevice, '10.20.0.60/24')
    const into = (name: string) => join(dir, name)
    const fetches = [
      { by: 'busybox', args: ['tftp', '-g', '-r', IMAGE, '-l', into('busybox'), '10.20.0.2'] },
      { by: 'tftp', args: ['-m', 'binary', '10.20.0.2', '-c', 'get', IMAGE, into('tftp')] },
      { by: 'curl', args: ['-sS', '-o', into('curl'), `tftp://10.20.0.2/${IMAGE}`] },
    ]
    for (const { by, args } of fetches) {
      const fetched = await lab.run(phone, by, ...args)
      t.equal(fetched.code, 0, `${by}: ${fetched.output}`)
      t.equal(wanted.equals(readFileSync(into(by))), true, `${by}: byte for byte`)
    }
    const trigger = await lab.run(phone, 'curl', '-sS', 'tftp://10.20.0.2/OS79XX.TXT')
    t.equal(trigger.output, `${LOAD}\n`, 'the phone is told what to load')
    const refused = await lab.run(unknownDevice, 'curl', '-sS', 'tftp://10.20.0.2/OS79XX.TXT')
    t.equal(refused.code, 68, 'TFTP ERROR 1 at once, to a client that nobody named')
    const write = ['tftp', '-p', '-r', 'x', '-l', into('curl'), '10.20.0.2']
    t.not((await lab.run(phone, 'busybox', ...write)).code, 0, 'nothing can be written')
    t.equal(existsSync(into('x')), false)
  })

  t.test('kill -9 right after the ACK loses no lease', async (t) => {
    const { lab, appliance, printEnvironment } = await aBench(t)
    const phone = lab.plugIn(PHONE)
    const options = ['-i', CLIENT_INTERFACE, '-f', '-q', '-n', '-s', printEnvironment]
    const got = await lab.run(phone, 'udhcpc', ...options)
    t.match(got.output, 'ip=10.20.0.50')
    await appliance.kill()
    await appliance.start()
    const leases = await run('ip', [
      'netns',
      'exec',
      lab.server,
      'curl',
      '-sS',
      'http://127.0.0.1:8067/v1/leases',
    ])
    t.match(leases.output, '10.20.0.50')
    t.match(leases.output, '02000000A060')
  })
}
