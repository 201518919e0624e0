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
