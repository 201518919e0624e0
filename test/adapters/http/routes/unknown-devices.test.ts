import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { anUnknownDevice, mac, NOW_MS } from '../../../support/memory-services.ts'

const UNKNOWN = mac('000E84C060A7')

t.test('an unknown device is listed with all that is known of it', async (t) => {
  const { app, services } = await anApi(t)
  services.unknown.set(UNKNOWN, anUnknownDevice())
  t.equal((await app.inject({ url: '/v1/unknown-devices' })).statusCode, 401)
  const response = await app.inject({ url: '/v1/unknown-devices', headers: WITH_TOKEN })
  t.same(response.json(), [
    {
      mac: '000E84C060A7',
      network: 'bench',
      vendorClass: 'Cisco Systems, Inc. IP Phone CP-7940G',
      hostName: 'SEP000E84C060A7',
      firstSeen: '2026-03-01T09:29:00.000Z',
      lastSeen: '2026-03-01T09:30:00.000Z',
      count: 4,
      reason: 'not-enrolled',
    },
  ])
})

t.test('an entry is deleted by any spelling of the address, once', async (t) => {
  const { app, services } = await anApi(t)
  services.unknown.set(UNKNOWN, anUnknownDevice())
  const remove = (spelling: string) =>
    app.inject({
      method: 'DELETE',
      url: `/v1/unknown-devices/${spelling}`,
      headers: WITH_TOKEN,
    })
  t.equal((await remove('000e.84c0.60a7')).statusCode, 204)
  const again = await remove('000E84C060A7')
  t.equal(again.statusCode, 404)
  t.match(again.json().detail, 'unknown device 000E84C060A7')
  t.equal((await remove('nonsense')).statusCode, 400)
})

t.test(
  'status names what automatic enrolment could not do, and is ready all the same',
  async (t) => {
    const { app, services } = await anApi(t)
    const event = 'enrol.conversion.refused'
    const message = 'enrolled, but not converted yet: no firmware'
    services.attention = [{ mac: UNKNOWN, network: 'bench', atMs: NOW_MS, event, message }]
    const status = (await app.inject({ url: '/v1/status', headers: WITH_TOKEN })).json()
    t.same(status.attention, [
      { mac: UNKNOWN, network: 'bench', at: '2026-03-01T09:30:00.000Z', event, message },
    ])
    t.equal(status.ready, true)
  },
)
