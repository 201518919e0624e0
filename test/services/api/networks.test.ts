import t from 'tap'
import { networkService } from '../../../src/services/api/networks.ts'
import { Counters } from '../../../src/services/events/counters.ts'
import { PoolHistory } from '../../../src/services/pool-history.ts'
import { ip } from '../../support/a-dhcp-message.ts'
import { aNetwork, settingsOf } from '../../support/configuration.ts'
import { DhcpLab } from '../../support/dhcp-lab.ts'

const ROGUE = ip('10.20.0.9')

function aService(keys: object = {}) {
  const lab = new DhcpLab()
  const { networks } = settingsOf({ networks: [aNetwork(keys)] })
  const counters = new Counters()
  const history = new PoolHistory()
  const known = { networks, leaseTable: lab.leaseTable, dhcp: lab.server, counters, history }
  const faults = new Map<string, string>()
  const faultOn = (name: string) => faults.get(name) ?? null
  const parts = { ...known, faultOn, nowMs: () => lab.nowMs }
  return { lab, counters, history, faults, service: networkService(parts) }
}

t.test('a network is shown as configured, what was left out as null or empty', async (t) => {
  const { service } = aService({ vlan: 120 })
  t.match(service.get('bench'), {
    name: 'bench',
    vlan: 120,
    interfaceName: 'eth0',
    address: ip('10.20.0.2'),
    router: [],
    dns: [],
    domain: null,
    tftpServerName: '10.20.0.2',
    tftpServers: [ip('10.20.0.2')],
    peers: [],
    autoEnrol: null,
    notServedBecause: null,
    otherServers: [],
  })
  t.equal(service.list().length, 1)
  t.equal(service.get('nowhere'), undefined)
})

t.test('its use is that of now', async (t) => {
  const { lab, service } = aService()
  const before = service.get('bench')?.use
  lab.bind()
  const after = service.get('bench')?.use
  t.equal(after?.free, (before?.free ?? 0) - 1)
  t.equal(after?.bound, 1)
})

t.test('its history is what was sampled of it', async (t) => {
  const { history, lab, service } = aService()
  t.equal(service.useHistory('bench'), undefined)
  history.sample(new Map([['bench', 7]]), lab.nowMs)
  t.match(service.useHistory('bench'), { untilMs: lab.nowMs, taken: [7] })
})

t.test('counters are its own, by event and reason', async (t) => {
  const { counters, service } = aService()
  const event = 'dhcp.discover.ignored'
  counters.add('dhcp_events', { network: 'bench', event, reason: 'pool-exhausted' }, 2)
  counters.add('dhcp_events', { network: 'lab', event, reason: 'pool-exhausted' })
  counters.add('dhcp_events', { network: 'bench', event: 'dhcp.offer.sent', reason: '' })
  counters.add('tftp_events', { network: 'bench', event: 'tftp.request.absent', reason: '' })
  t.same(service.get('bench')?.counters, {
    'dhcp.discover.ignored:pool-exhausted': 2,
    'dhcp.offer.sent': 1,
    'tftp.request.absent': 1,
  })
})

t.test('another server is shown, with when it was first and last heard', async (t) => {
  const { lab, service } = aService()
  const other = { address: ROGUE, firstSeenAtMs: lab.nowMs, lastSeenAtMs: lab.nowMs + 5000 }
  t.intercept(lab.server, 'rogueServersOn', { value: () => [other] })
  t.match(service.get('bench'), { notServedBecause: null, otherServers: [other] })
})

t.test('why a network is not served is said in words', async (t) => {
  for (const [refusal, words] of [
    ['looking', /has not finished/],
    ['other-server', /another DHCP server answers/],
  ] as const) {
    const { lab, service } = aService({ onRogueServer: 'refuse' })
    t.equal(service.get('bench')?.notServedBecause, null, 'while it is served')
    t.intercept(lab.server, 'refusalOn', { value: () => refusal })
    t.match(service.get('bench')?.notServedBecause, words)
  }
})

t.test('a network whose link is down is not served', async (t) => {
  const { faults, service } = aService()
  t.equal(service.get('bench')?.notServedBecause, null)
  faults.set('bench', 'the link of eth0 is down')
  t.equal(service.get('bench')?.notServedBecause, 'the link of eth0 is down')
})

t.test('a network with shared leases says which appliance serves it', async (t) => {
  const { networks } = settingsOf({ networks: [aNetwork()] })
  const lab = new DhcpLab()
  const shown = (authority: 'full' | 'repeat' | 'none', owner: string | null = null) =>
    networkService({
      networks,
      leaseTable: lab.leaseTable,
      dhcp: lab.server,
      counters: new Counters(),
      history: new PoolHistory(),
      faultOn: () => null,
      nowMs: () => lab.nowMs,
      ownership: { authority: () => authority, ownerOf: () => owner },
    }).get('bench')?.notServedBecause
  t.equal(shown('full'), null)
  t.equal(shown('repeat'), 'PostgreSQL is away: only clients with a lease are answered')
  t.equal(shown('none', 'lab/sw-b'), 'appliance lab/sw-b serves it')
  t.equal(shown('none'), 'no appliance serves it now')
})

t.test('a network behind a relay has no interface', async (t) => {
  const { service } = aService({ interface: undefined, relayed: true })
  t.equal(service.get('bench')?.interfaceName, null)
})
