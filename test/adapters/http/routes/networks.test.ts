import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aNetwork, ipv4, mac, NOW_MS } from '../../../support/memory-services.ts'

t.test('a network is shown as configured and as it stands', async (t) => {
  const { app, services } = await anApi(t)
  services.reports.push(aNetwork({ autoEnrol: 'to-sip' }))
  const response = await app.inject({ url: '/v1/networks/bench', headers: WITH_TOKEN })
  t.same(response.json(), {
    name: 'bench',
    vlan: 120,
    interface: 'eth0.120',
    relayed: false,
    address: '10.20.0.2',
    subnet: '10.20.0.0/24',
    pool: ['10.20.0.50-10.20.0.99'],
    router: ['10.20.0.1'],
    dns: [],
    domain: 'lab.example',
    tftpServerName: '10.20.0.2',
    tftpServers: ['10.20.0.2'],
    peers: ['10.20.0.3'],
    leaseSeconds: 300,
    maxLeaseSeconds: 3600,
    admit: 'enrolled',
    identify: 'hardware',
    onRogueServer: 'warn',
    autoEnrol: 'to-sip',
    leases: 'here',
    owner: null,
    served: true,
    notServedBecause: null,
    use: { size: 50, bound: 3, offered: 1, declined: 0, free: 46, boundOutside: 0 },
    counters: { discover: 12, offer: 11 },
    otherServers: [],
  })
  const list = await app.inject({ url: '/v1/networks', headers: WITH_TOKEN })
  t.same(list.json(), [response.json()])
})

t.test('a network behind relays, and one that is not served', async (t) => {
  const { app, services } = await anApi(t)
  const known = {
    address: ipv4('10.20.0.9'),
    mac: mac('020000000009'),
    firstSeenAtMs: NOW_MS,
    lastSeenAtMs: NOW_MS + 1500,
  }
  services.reports.push(
    aNetwork({
      interfaceName: null,
      vlan: null,
      notServedBecause: 'another DHCP server answers on it',
      otherServers: [known, { address: ipv4('10.20.0.8') }],
    }),
  )
  const response = await app.inject({ url: '/v1/networks/bench', headers: WITH_TOKEN })
  t.match(response.json(), { interface: null, relayed: true, vlan: null, served: false })
  t.same(response.json().otherServers, [
    {
      address: '10.20.0.9',
      mac: '020000000009',
      firstSeenAt: '2026-03-01T09:30:00.000Z',
      lastSeenAt: '2026-03-01T09:30:01.500Z',
    },
    { address: '10.20.0.8' },
  ])
})

t.test('how full a pool was comes as numbers in a row, and ends at a time', async (t) => {
  const { app, services } = await anApi(t)
  services.useHistories.set('bench', { everySeconds: 60, untilMs: NOW_MS, taken: [0, 4, 3] })
  const url = '/v1/networks/bench/use'
  const response = await app.inject({ url, headers: WITH_TOKEN })
  t.same(response.json(), {
    everySeconds: 60,
    until: '2026-03-01T09:30:00.000Z',
    taken: [0, 4, 3],
  })
  const other = await app.inject({ url: '/v1/networks/lab/use', headers: WITH_TOKEN })
  t.equal(other.statusCode, 404)
})

t.test('a network that is not configured is 404', async (t) => {
  const { app } = await anApi(t)
  for (const name of ['bench', '__proto__', 'constructor', '%F0%9F%98%80']) {
    const response = await app.inject({ url: `/v1/networks/${name}`, headers: WITH_TOKEN })
    t.equal(response.statusCode, 404, name)
  }
})

t.test('a network is handed over, or the answer says why not', async (t) => {
  const { app, services } = await anApi(t)
  services.reports.push(aNetwork({ leases: 'shared', owner: 'sw-a' }))
  const hand = (owner: unknown, name = 'bench') =>
    app.inject({
      method: 'PUT',
      url: `/v1/networks/${name}/owner`,
      headers: WITH_TOKEN,
      payload: { owner },
    })
  const moved = await hand('sw-b')
  t.equal(moved.statusCode, 200)
  t.match(moved.json(), { name: 'bench', leases: 'shared', owner: 'sw-b' })
  t.equal((await hand('sw-b', 'nowhere')).statusCode, 404)
  t.equal((await hand(7)).statusCode, 400)
  services.handOver = { kind: 'unknown-appliance' }
  const unknown = await hand('sw-c')
  t.equal(unknown.statusCode, 422)
  t.match(unknown.json(), { problems: [{ path: '/owner', message: /found sw-c/ }] })
  services.handOver = { kind: 'refused', reason: 'the link of eth0 is down' }
  const refused = await hand('sw-b')
  t.equal(refused.statusCode, 409)
  t.match(refused.json().detail, /sw-b: the link of eth0 is down/)
  for (const owner of ['sw-a', null]) {
    services.handOver = { kind: 'not-moved', owner }
    const late = await hand('sw-b')
    t.equal(late.statusCode, 503)
    t.match(late.json().detail, owner ?? /nobody/)
    t.equal(late.json().retryAfter, 5)
  }
})

t.test('the appliances that share a database are listed', async (t) => {
  const { app, services } = await anApi(t)
  const list = async () => (await app.inject({ url: '/v1/appliances', headers: WITH_TOKEN })).json()
  t.same(await list(), [])
  const [name, site, version] = ['sw-a', 'prague', '1.0.0']
  services.applianceReports.push({
    name,
    site,
    version,
    lastSeenMs: NOW_MS,
    isLive: true,
    networks: ['voice'],
  })
  const lastSeen = new Date(NOW_MS).toISOString()
  t.same(await list(), [{ name, site, version, lastSeen, live: true, networks: ['voice'] }])
})
