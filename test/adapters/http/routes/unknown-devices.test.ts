import t, { type Test } from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { mac } from '../../../support/values.ts'

const UNKNOWN = mac('000E84C060A7')
const VENDOR_CLASS = 'Cisco Systems, Inc. IP Phone CP-7940G\0'
const HOST_NAME = [12, Buffer.from('SEP000E84C060A7')] as const

/** An API whose appliance has heard a phone that nobody enrolled, twice within a minute. */
async function aSite(t: Test) {
  const api = await anApi(t)
  const phone = api.appliance.phone(UNKNOWN)
  const parts = { vendorClass: VENDOR_CLASS, options: [HOST_NAME] }
  t.equal(await phone.boots(parts), null, 'it gets no address')
  await api.appliance.clock.pass(60_000)
  await phone.boots(parts)
  return api
}

t.test('an unknown device is listed with all that is known of it', async (t) => {
  const { app } = await aSite(t)
  t.equal((await app.inject({ url: '/v1/unknown-devices' })).statusCode, 401)
  const response = await app.inject({ url: '/v1/unknown-devices', headers: WITH_TOKEN })
  t.same(response.json(), [
    {
      mac: '000E84C060A7',
      network: 'bench',
      vendorClass: 'Cisco Systems, Inc. IP Phone CP-7940G',
      hostName: 'SEP000E84C060A7',
      firstSeen: '2026-03-01T09:30:00.000Z',
      lastSeen: '2026-03-01T09:31:00.000Z',
      count: 2,
      reason: 'not-enrolled',
    },
  ])
})

t.test('an entry is deleted by any spelling of the address, once', async (t) => {
  const { app } = await aSite(t)
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
    const network = { autoEnrol: 'to-sip', admit: 'phones' }
    const { app, appliance } = await anApi(t, { network })
    const phone = appliance.phone(UNKNOWN)
    t.match(await phone.boots(), /^10\.20\.0\./)
    phone.asksFor(`SEP${UNKNOWN}.cnf.xml`)
    await appliance.clock.pass(0)
    const status = (await app.inject({ url: '/v1/status', headers: WITH_TOKEN })).json()
    t.match(status.attention, [
      {
        mac: UNKNOWN,
        network: 'bench',
        at: '2026-03-01T09:30:00.000Z',
        event: 'enrol.phone.refused',
        message: /no profile to-sip/,
      },
    ])
    t.equal(status.ready, true)
  },
)
