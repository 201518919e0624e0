import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type ApplianceProcess, anAppliance } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const FIRST = '10.20.0.2'
const SECOND = '10.20.0.3'

t.setTimeout(300_000)

type Side = { readonly namespace: string; readonly appliance: ApplianceProcess }

/** What the API of an appliance says, asked beside it. */
const ask = async (lab: Lab, { namespace }: Side, path: string) =>
  JSON.parse((await lab.run(namespace, 'curl', '-sS', `http://127.0.0.1:8067${path}`)).output)

/** One network of two appliances, each with half of the addresses, that stop for any other server. */
async function aPair(t: Test) {
  const lab = Lab.open(t, `${FIRST}/24`)
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-peers-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const beside = lab.plugIn('02:00:00:00:00:03')
  lab.setAddress(beside, `${SECOND}/24`)
  const start = async (namespace: string, on: string, us: string, peer: string, pool: string) => {
    const yaml = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:
  - { name: voice, interface: ${on}, address: ${us}, subnet: 10.20.0.0/24, pool: [${pool}],
      peers: [${peer}], leaseTime: 5m, admit: anyone, onRogueServer: refuse, probe: false }
`
    const prefix = ['ip', 'netns', 'exec', namespace]
    return { namespace, appliance: await anAppliance(t, yaml, { apiPort: 8067, prefix }) }
  }
  const pools = ['10.20.0.50-10.20.0.99', '10.20.0.150-10.20.0.199'] as const
  const first = await start(lab.server, SERVER_INTERFACE, FIRST, SECOND, pools[0])
  const second = await start(beside, CLIENT_INTERFACE, SECOND, FIRST, pools[1])
  const isServed = async (side: Side) => (await ask(lab, side, '/v1/networks/voice')).served
  const script = join(dir, 'show')
  writeFileSync(script, '#!/bin/sh\n[ "$1" = bound ] && echo "at=$ip opt150=$opt150"\nexit 0\n', {
    mode: 0o755,
  })
  const udhcpc = (client: string, ...more: readonly string[]) =>
    lab.run(
      client,
      'udhcpc',
      ...['-i', CLIENT_INTERFACE, '-f', '-q', '-n', '-t', '4', '-T', '2', '-s', script],
      ...['-O', '150', ...more],
    )
  return { lab, dir, first, second, isServed, udhcpc }
}

testWith(
  ['udhcpc', 'dhclient', 'curl'],
  'two appliances with halves of a pool serve one network, and one serves on when the other is gone',
  async (t) => {
    const { lab, dir, first, second, isServed, udhcpc } = await aPair(t)
    for (const side of [first, second]) {
      const served = await eventually(
        () => isServed(side),
        (is) => is,
        20_000,
      )
      t.equal(served, true, 'in spite of onRogueServer: refuse')
    }
    for (let client = 0; client < 4; client++) {
      const phone = lab.plugIn(`02:00:00:00:00:1${client}`)
      const { output } = await udhcpc(phone)
      t.match(output, /at=10\.20\.0\.(5|6|7|8|9|15|16|17|18|19)\d /, 'a lease of either')
      const ours = /at=10\.20\.0\.\d\d /.test(output)
      const [own, other] = ours ? ['0a140002', '0a140003'] : ['0a140003', '0a140002']
      t.match(output, `opt150=${own}${other}`, 'option 150: the one that gave it, then the other')
    }
    for (const side of [first, second]) {
      t.match(await ask(lab, side, '/v1/networks/voice'), { served: true, otherServers: [] })
    }

    // A client of one comes back while that one is gone: the other does not send it away.
    const phone = lab.plugIn('02:00:00:00:00:20')
    const files = ['-lf', join(dir, 'leases'), '-pf', join(dir, 'pid'), '-sf', '/bin/true']
    const dhclient = async (...more: readonly string[]) =>
      (await lab.run(phone, 'dhclient', '-4', '-v', ...more, ...files, CLIENT_INTERFACE)).output
    const got = await dhclient('-1')
    const [, address = '', server = ''] = /DHCPACK of (\S+) from (\S+)/.exec(got) ?? []
    t.ok(address !== '', got)
    await dhclient('-x')
    const [gone, left] = server === FIRST ? [first, second] : [second, first]
    await gone.appliance.kill()
    const again = lab.run(
      phone,
      'timeout',
      '12',
      'dhclient',
      '-4',
      '-v',
      '-1',
      '-d',
      ...files,
      CLIENT_INTERFACE,
    )
    const { output } = await again
    t.match(output, `DHCPREQUEST for ${address}`, 'INIT-REBOOT')
    t.notMatch(output, 'DHCPNAK')
    const metrics = await lab.run(left.namespace, 'curl', '-sS', 'http://127.0.0.1:8067/metrics')
    t.match(metrics.output, /reason="left-to-peer"/, 'and says why it is silent')
    const fresh = await udhcpc(lab.plugIn('02:00:00:00:00:21'))
    t.match(fresh.output, left === second ? /at=10\.20\.0\.1\d\d / : /at=10\.20\.0\.\d\d /)
  },
)
