import type { Test } from 'tap'
import t from 'tap'
import type { SwitchPort } from '../../../../src/net/switch-port.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { ipv4, mac } from '../../../support/values.ts'

const PHONE = mac('000E84C060A6')
const ADDRESS = ipv4('10.20.0.60')
const TO = 'P0S3-8-12-00'

/** A phone that can be restarted by the power of its switch port, and by a command. */
async function aRestartApi(t: Test, restart: object = { command: ['/bin/true'] }) {
  const api = await anApi(t, { configuration: { restart } })
  const { inventory } = api.services
  await inventory.putPhone({ mac: PHONE, address: ADDRESS, switchPort: 'sw1/7' as SwitchPort })
  await addFirmware(inventory, TO)
  const ask = (payload?: object, phone = PHONE) =>
    api.app.inject({
      method: 'POST',
      url: `/v1/phones/${phone}/restart`,
      headers: WITH_TOKEN,
      ...(payload === undefined ? {} : { payload }),
    })
  return { ...api, ask, phone: api.appliance.phone(PHONE, ADDRESS) }
}

t.test('POST answers 202 at once with the method that is tried first', async (t) => {
  const bodies = [
    [undefined, 'poe'],
    [{}, 'poe'],
    [{ method: 'command' }, 'command'],
  ] as const
  for (const [body, method] of bodies) {
    const { ask, appliance } = await aRestartApi(t)
    const response = await ask(body)
    t.equal(response.statusCode, 202, response.body)
    t.same(response.json(), { method })
    await appliance.clock.pass(0)
    t.same(appliance.outside.restarts, [{ method, mac: PHONE }], 'and the order leaves')
  }
})

t.test('409 no-restart-method lists all five methods, each with its reason', async (t) => {
  const { app, appliance, services } = await anApi(t)
  await services.inventory.putPhone({ mac: PHONE })
  const response = await app.inject({
    method: 'POST',
    url: `/v1/phones/${PHONE}/restart`,
    headers: WITH_TOKEN,
    payload: { method: 'poe' },
  })
  t.equal(response.statusCode, 409)
  t.match(response.json(), {
    type: '/docs#no-restart-method',
    detail: /poe: neither the phone nor its network has a switchPort/,
    methods: [
      { method: 'sccp', reason: 'its network has no SCCP call control' },
      { method: 'notify', reason: 'it has not shown what it runs' },
      { method: 'telnet', reason: 'it has not shown what it runs' },
      { method: 'poe', reason: 'neither the phone nor its network has a switchPort' },
      { method: 'command', reason: 'no restart.command is configured' },
    ],
  })
  t.same(appliance.outside.restarts, [])
})

t.test('409 in-transfer says when to ask again', async (t) => {
  const { ask, phone, services } = await aRestartApi(t)
  const request = { to: TO, from: 'P00308000500', path: undefined, acceptOneWay: false } as const
  await services.conversions.start(PHONE, { ...request, restart: 'manual' })
  t.ok(phone.asksFor(`${TO}.sb2`))
  const response = await ask()
  t.equal(response.statusCode, 409)
  const { type, retryAfter } = response.json()
  t.equal(type, '/docs#in-transfer')
  t.ok(retryAfter > 0)
  t.equal(response.headers['retry-after'], `${retryAfter}`)
})

t.test('a phone that is being restarted, and one that is not enrolled', async (t) => {
  const { ask } = await aRestartApi(t)
  await ask()
  t.match((await ask()).json(), {
    status: 409,
    type: '/docs#restart-under-way',
    detail: /by poe/,
  })
  t.match((await ask({}, mac('000E84C060A7'))).json(), { status: 404, type: '/docs#not-found' })
})

t.test('a phone that registers again and again is not restarted', async (t) => {
  const { ask, appliance } = await aRestartApi(t)
  appliance.restarts.setCallControl({
    ...{ registration: () => undefined, hasSession: () => false, isLooping: () => true },
    listeners: { sip: [], sccp: [] },
    reset: () => ({ kind: 'refused', reason: 'not-connected' }),
    notify: () => ({ kind: 'off' }),
  })
  t.match((await ask()).json(), { status: 409, type: '/docs#registration-loop' })
})

t.test('another method than the five is refused', async (t) => {
  const { ask, appliance } = await aRestartApi(t)
  t.equal((await ask({ method: 'hammer' })).statusCode, 400)
  t.equal((await ask({ metod: 'poe' })).statusCode, 400)
  await appliance.clock.pass(0)
  t.same(appliance.outside.restarts, [])
})
