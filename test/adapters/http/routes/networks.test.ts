import t from 'tap'
import { aDiscover } from '../../../support/a-dhcp-message.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aBinding } from '../../../support/in-memory/a-binding.ts'
import { aPair } from '../../../support/in-memory/a-pair.ts'
import type { InMemoryOptions } from '../../../support/in-memory/an-appliance.ts'
import { ipv4, mac, NOW_MS } from '../../../support/values.ts'

t.test('a network is shown as configured and as it stands', async (t) => {
  const network = {
    vlan: 120,
    domain: 'lab.example',
    leaseTime: '5m',
    maxLeaseTime: '1h',
    peers: ['10.20.0.3'],
    admit: 'phones',
    autoEnrol: 'to-sip',
  }
  const { app, appliance } = await anApi(t, { network })
  appliance.lease(aBinding())
  await appliance.wire.dhcp(aDiscover({ vendorClass: 'a printer' }))
  const response = await app.inject({ url: '/v1/networks/bench', headers: WITH_TOKEN })
  t.same(response.json(), {
    name: 'bench',
    vlan: 120,
    interface: 'eth0',
    relayed: false,
    address: '10.20.0.2',
    subnet: '10.20.0.0/24',
    pool: ['10.20.0.50-10.20.0.99'],
    router: ['10.20.0.1'],
    dns: [],
    domain: 'lab.example',
    tftpServerName: '10.20.0.2',
    tftpServers: ['10.20.0.2', '10.20.0.3'],
    peers: ['10.20.0.3'],
    leaseSeconds: 300,
    maxLeaseSeconds: 3600,
    admit: 'phones',
    identify: 'hardware',
    onRogueServer: 'warn',
    autoEnrol: 'to-sip',
    leases: 'here',
    owner: null,
    served: true,
    notServedBecause: null,
    use: { size: 50, bound: 1, offered: 0, declined: 0, free: 49, boundOutside: 0 },
    counters: { 'dhcp.discover.ignored:not-a-phone': 1 },
    otherServers: [],
  })
  const list = await app.inject({ url: '/v1/networks', headers: WITH_TOKEN })
  t.same(list.json(), [response.json()])
})

t.test('a network behind relays, and one that is not served', async (t) => {
  const network = { interface: undefined, relayed: true }
  const { app, appliance } = await anApi(t, { network })
  appliance.outside.faults.set('bench', 'no relay agent can reach it')
  const known = {
    address: ipv4('10.20.0.9'),
    mac: mac('020000000009'),
    firstSeenAtMs: NOW_MS,
    lastSeenAtMs: NOW_MS + 1500,
  }
  t.intercept(appliance.dhcp, 'rogueServersOn', {
    value: () => [known, { address: ipv4('10.20.0.8') }],
  })
  const response = await app.inject({ url: '/v1/networks/bench', headers: WITH_TOKEN })
  t.match(response.json(), {
    interface: null,
    relayed: true,
    vlan: null,
    served: false,
    notServedBecause: 'no relay agent can reach it',
  })
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
  const { app, appliance } = await anApi(t)
  for (const [minute, taken] of [4, 3].entries()) {
    appliance.pools.sample(new Map([['bench', taken]]), NOW_MS + (minute + 1) * 60_000)
  }
  const url = '/v1/networks/bench/use'
  const response = await app.inject({ url, headers: WITH_TOKEN })
  t.same(response.json(), {
    everySeconds: 60,
    until: '2026-03-01T09:32:00.000Z',
    taken: [0, 4, 3],
  })
  const other = await app.inject({ url: '/v1/networks/lab/use', headers: WITH_TOKEN })
  t.equal(other.statusCode, 404)
})

t.test('a network that is not configured is 404', async (t) => {
  const { app } = await anApi(t)
  for (const name of ['lab', '__proto__', 'constructor', '%F0%9F%98%80']) {
    const response = await app.inject({ url: `/v1/networks/${name}`, headers: WITH_TOKEN })
    t.equal(response.statusCode, 404, name)
  }
})

t.test('a network is handed over, or the answer says why not', async (t) => {
  const { state, service } = aPair()
  const { app } = await anApi(t, { shared: { appliances: service } })
  const hand = (owner: unknown, name = 'bench') =>
    app.inject({
      method: 'PUT',
      url: `/v1/networks/${name}/owner`,
      headers: WITH_TOKEN,
      payload: { owner },
    })
  const moved = await hand('sw-b')
  t.equal(moved.statusCode, 200)
  t.match(moved.json(), { name: 'bench', owner: 'sw-b' })
  t.equal((await hand('sw-b', 'nowhere')).statusCode, 404)
  t.equal((await hand(7)).statusCode, 400)
  const unknown = await hand('sw-c')
  t.equal(unknown.statusCode, 422)
  t.match(unknown.json(), { problems: [{ path: '/owner', message: /found sw-c/ }] })
  const refused = await hand('sw-d')
  t.equal(refused.statusCode, 409)
  t.match(refused.json().detail, /sw-d: eth0 is down/)
  state.moves = false
  for (const owner of ['sw-b', null]) {
    state.owner = owner
    const late = await hand('sw-a')
    t.equal(late.statusCode, 503)
    t.match(late.json().detail, owner ?? /no appliance serves it/)
    t.equal(late.json().retryAfter, 5)
  }
})

t.test('an appliance that shares nothing hands nothing over', async (t) => {
  const { app } = await anApi(t)
  const hand = async (name: string) => {
    const request = { method: 'PUT', headers: WITH_TOKEN, payload: { owner: 'sw-b' } } as const
    return app.inject({ ...request, url: `/v1/networks/${name}/owner` })
  }
  const refused = await hand('bench')
  t.equal(refused.statusCode, 409)
  t.match(refused.json().detail, 'its leases are kept here alone')
  t.equal((await hand('nowhere')).statusCode, 404)
})

t.test('the appliances that share a database are listed', async (t) => {
  const list = async (options: InMemoryOptions) => {
    const { app } = await anApi(t, options)
    return (await app.inject({ url: '/v1/appliances', headers: WITH_TOKEN })).json()
  }
  t.same(await list({}), [])
  const [site, version, live] = ['prague', '1.0.0', true]
  const lastSeen = new Date(NOW_MS).toISOString()
  const others = { site, version, lastSeen, live }
  t.same(await list({ shared: { appliances: aPair().service } }), [
    { name: 'sw-a', ...others, networks: ['bench'] },
    { name: 'sw-b', ...others, networks: [] },
    { name: 'sw-d', ...others, networks: [] },
  ])
})
