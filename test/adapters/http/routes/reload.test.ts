import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aBenchConfiguration } from '../../../support/in-memory/an-appliance.ts'

t.test('a reload says what is in force, what is wrong, and what needs a restart', async (t) => {
  const { app, appliance } = await anApi(t)
  const ask = () => app.inject({ method: 'POST', url: '/v1/reload', headers: WITH_TOKEN })
  const none = await ask()
  t.equal(none.statusCode, 409)
  t.match(none.json().detail, '--config')
  appliance.file.content = aBenchConfiguration({
    network: { router: ['10.20.0.3'], tftpServers: ['10.20.0.9'] },
    configuration: { tftp: { maxTransfers: 5 } },
  })
  const reloaded = await ask()
  t.match(reloaded.json(), {
    applied: true,
    restartNeeded: ['tftp'],
    warnings: [{ path: 'networks[0].tftpServers', message: /phones use another TFTP server/ }],
  })
  const network = await app.inject({ url: '/v1/networks/bench', headers: WITH_TOKEN })
  t.match(network.json(), { router: ['10.20.0.3'] }, 'it is in force')
  appliance.file.content = aBenchConfiguration({ network: { interface: 'eth7' } })
  t.match((await ask()).json(), { applied: false, restartNeeded: ['networks[0]'] })
  appliance.file.content = aBenchConfiguration({ network: { pool: ['10.30.0.9'] } })
  const refused = await ask()
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), {
    detail: /stays in force/,
    problems: [{ path: /^networks\[0\]\.pool/ }],
  })
})
