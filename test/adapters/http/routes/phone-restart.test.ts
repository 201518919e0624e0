import type { Test } from 'tap'
import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { mac } from '../../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')

async function aRestartApi(t: Test) {
  const api = await anApi(t)
  const ask = (payload?: object) =>
    api.app.inject({
      method: 'POST',
      url: `/v1/phones/${PHONE}/restart`,
      headers: WITH_TOKEN,
      ...(payload === undefined ? {} : { payload }),
    })
  return { ...api, ask }
}

t.test('POST answers 202 at once with the method that is tried first', async (t) => {
  const { ask, services } = await aRestartApi(t)
  const bodies = [undefined, {}, { method: 'poe' }]
  for (const body of bodies) {
    const response = await ask(body)
    t.equal(response.statusCode, 202, response.body)
    t.same(response.json(), { method: 'sccp' })
  }
  t.same(
    services.restartOrders.map(({ named }) => named),
    [null, null, 'poe'],
  )
})

t.test('409 no-restart-method lists all five methods, each with its reason', async (t) => {
  const { ask, services } = await aRestartApi(t)
  const methods = [
    { method: 'sccp', reason: 'it is not registered with our SCCP call manager' },
    { method: 'notify', reason: null },
    { method: 'telnet', reason: 'it runs SCCP' },
    { method: 'poe', reason: 'neither the phone nor its network has a switchPort' },
    { method: 'command', reason: 'no restart.command is configured' },
  ] as const
  services.restartAnswer = { kind: 'no-method', methods }
  const response = await ask({ method: 'poe' })
  t.equal(response.statusCode, 409)
  t.match(response.json(), { type: '/docs#no-restart-method', methods: [...methods] })
  t.match(response.json().detail, /poe: neither the phone nor its network has a switchPort/)
})

t.test('409 in-transfer says when to ask again', async (t) => {
  const { ask, services } = await aRestartApi(t)
  services.restartAnswer = { kind: 'in-transfer', retryAfterSeconds: 120 }
  const response = await ask()
  t.equal(response.statusCode, 409)
  t.match(response.json(), { type: '/docs#in-transfer', retryAfter: 120 })
  t.equal(response.headers['retry-after'], '120')
})

t.test('a phone that loops, one that is being restarted, one that is not enrolled', async (t) => {
  const { ask, services } = await aRestartApi(t)
  services.restartAnswer = { kind: 'loop' }
  t.match((await ask()).json(), { status: 409, type: '/docs#registration-loop' })
  services.restartAnswer = { kind: 'busy', method: 'notify' }
  t.match((await ask()).json(), {
    status: 409,
    type: '/docs#restart-under-way',
    detail: /by notify/,
  })
  services.restartAnswer = { kind: 'unknown-phone' }
  t.match((await ask()).json(), { status: 404, type: '/docs#not-found' })
})

t.test('another method than the five is refused', async (t) => {
  const { ask, services } = await aRestartApi(t)
  t.equal((await ask({ method: 'hammer' })).statusCode, 400)
  t.equal((await ask({ metod: 'poe' })).statusCode, 400)
  t.same(services.restartOrders, [])
})
