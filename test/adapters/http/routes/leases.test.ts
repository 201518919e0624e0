import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aBinding } from '../../../support/in-memory/a-binding.ts'
import { ipv4, mac, NOW_MS } from '../../../support/values.ts'

const OTHER = mac('000E84C060A7')

t.test('a binding is shown with its times and what its client said', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.lease(aBinding())
  const response = await app.inject({ url: '/v1/leases', headers: WITH_TOKEN })
  t.same(response.json(), [
    {
      network: 'bench',
      address: '10.20.0.50',
      mac: '000E84C060A6',
      client: 'hw:01000E84C060A6',
      state: 'bound',
      stored: true,
      grantedAt: '2026-03-01T09:29:00.000Z',
      expiresAt: '2026-03-01T09:34:00.000Z',
      vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
      hostName: '',
      relayAgent: '',
    },
  ])
})

t.test('the state of a binding is that of this moment', async (t) => {
  const cases = [
    { why: 'its last millisecond', binding: { expiresAtMs: NOW_MS + 1 }, state: 'bound' },
    { why: 'its time has passed', binding: { expiresAtMs: NOW_MS }, state: 'expired' },
    { why: 'quarantined', binding: { state: 'declined' as const }, state: 'declined' },
    {
      why: 'given back',
      binding: { state: 'released' as const, expiresAtMs: 0 },
      state: 'released',
    },
  ]
  for (const { why, binding, state } of cases) {
    const { app, appliance } = await anApi(t)
    appliance.lease(aBinding(binding))
    const response = await app.inject({ url: '/v1/leases', headers: WITH_TOKEN })
    t.equal(response.json()[0].state, state, why)
  }
})

t.test('leases of one state, page by page', async (t) => {
  const { app, appliance } = await anApi(t)
  const at = (last: number) => ipv4(`10.20.0.${last}`)
  const over = { state: 'bound' as const, expiresAtMs: NOW_MS - 1 }
  appliance.lease(
    aBinding({ address: at(50) }),
    aBinding({ address: at(51), ...over }),
    aBinding({ address: at(52), state: 'declined' }),
    aBinding({ address: at(53), ...over }),
  )
  const list = (query: string) => app.inject({ url: `/v1/leases${query}`, headers: WITH_TOKEN })
  const addresses = async (query: string) =>
    (await list(query)).json().map(({ address }: { address: string }) => address)
  t.same(await addresses('?state=bound'), ['10.20.0.50'])
  t.same(await addresses('?state=declined'), ['10.20.0.52'])
  t.same(await addresses('?state=released'), [])
  const first = await list('?state=expired&limit=1')
  const [, next = ''] = /<([^>]+)>; rel="next"/.exec(`${first.headers.link}`) ?? []
  const rest = await app.inject({ url: next, headers: WITH_TOKEN })
  t.match(rest.json(), [{ address: '10.20.0.53', state: 'expired' }])
  t.equal(rest.headers.link, undefined)
  t.equal((await list('?state=free')).statusCode, 400)
})

t.test('RFC 2131 section 3.3: an infinite lease has no end', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.lease(aBinding({ expiresAtMs: Number.MAX_SAFE_INTEGER, mac: null }))
  const response = await app.inject({ url: '/v1/leases', headers: WITH_TOKEN })
  t.match(response.json(), [{ expiresAt: null, mac: null, state: 'bound' }])
})

t.test('host names are data: control characters and markup come out as JSON', async (t) => {
  const { app, appliance } = await anApi(t)
  const hostName = '<script>alert(1)</script>\u001b[2J"'
  appliance.lease(aBinding({ hostName }))
  const response = await app.inject({ url: '/v1/leases', headers: WITH_TOKEN })
  t.equal(response.json()[0].hostName, hostName)
  t.match(response.headers['content-type'], 'application/json')
  t.equal(response.headers['x-content-type-options'], 'nosniff')
})

t.test('leases are found by network and by phone, and paged by address', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.lease(
    aBinding({ address: ipv4('10.20.0.52'), mac: OTHER }),
    aBinding({ address: ipv4('10.20.0.51') }),
    aBinding({ address: ipv4('192.168.0.7'), scope: 'lab', mac: OTHER }),
  )
  const list = (query: string) => app.inject({ url: `/v1/leases${query}`, headers: WITH_TOKEN })
  const addresses = async (query: string) =>
    (await list(query)).json().map(({ address }: { address: string }) => address)
  t.same(await addresses(''), ['10.20.0.51', '10.20.0.52', '192.168.0.7'])
  t.same(await addresses('?network=lab'), ['192.168.0.7'])
  t.same(await addresses('?mac=00-0e-84-c0-60-a7'), ['10.20.0.52', '192.168.0.7'])
  t.same(await addresses('?network=bench&mac=000e84c060a7'), ['10.20.0.52'])
  t.same(await addresses('?network=nowhere'), [])
  const page = await list('?limit=1&mac=000E84C060A7')
  const link = '</v1/leases?mac=000E84C060A7&after=10.20.0.52&limit=1>; rel="next"'
  t.equal(page.headers['link'], link)
  const next = await app.inject({ url: /<(.*)>/.exec(link)?.[1] ?? '', headers: WITH_TOKEN })
  t.match(next.json(), [{ address: '192.168.0.7' }])
  t.equal(next.headers['link'], undefined, 'the last page')
})

t.test('a query that cannot be read is 400', async (t) => {
  const { app } = await anApi(t)
  for (const query of ['?mac=x', '?after=10.20.0', '?limit=0', '?limit=10001', '?netwrk=bench']) {
    const response = await app.inject({ url: `/v1/leases${query}`, headers: WITH_TOKEN })
    t.equal(response.statusCode, 400, query)
    t.match(response.json().problems, [{ message: /./ }], query)
  }
})

t.test('DELETE frees an address once', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.lease(aBinding())
  const free = (address: string) =>
    app.inject({ method: 'DELETE', url: `/v1/leases/${address}`, headers: WITH_TOKEN })
  t.equal((await free('10.20.0.50')).statusCode, 204)
  t.equal((await free('10.20.0.50')).statusCode, 404)
  t.equal((await free('10.20.0.050')).statusCode, 400)
  t.equal((await free('bench')).statusCode, 400)
  t.same([...appliance.state.leaseTable.bindings()], [])
})
