import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'

t.test('a reload says what is in force, what is wrong, and what needs a restart', async (t) => {
  const { app, services } = await anApi(t)
  const ask = () => app.inject({ method: 'POST', url: '/v1/reload', headers: WITH_TOKEN })
  const none = await ask()
  t.equal(none.statusCode, 409)
  t.match(none.json().detail, '--config')
  const warnings = [{ path: 'networks[0].router[0]', message: 'far away' }]
  services.reloaded = { kind: 'reloaded', applied: true, restartNeeded: ['api'], warnings }
  t.same((await ask()).json(), { applied: true, restartNeeded: ['api'], warnings })
  const problems = [{ path: 'networks[0].pool', message: 'wrong' }]
  services.reloaded = { kind: 'refused', problems }
  const refused = await ask()
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), { detail: /stays in force/, problems })
})
