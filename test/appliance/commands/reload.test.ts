import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'

t.test('networks in force end with 0, with what a restart is needed for', async (t) => {
  const { run, services } = await aListeningApi(t)
  const warnings = [{ path: 'networks[0].router[0]', message: 'far away' }]
  services.reloaded = { kind: 'reloaded', applied: true, restartNeeded: ['api'], warnings }
  const { code, stdout } = await run('reload')
  t.equal(code, 0)
  t.equal(
    stdout,
    'The networks of the file are in force.\n' +
      '  api: in force after a restart\n' +
      '  warning: networks[0].router[0]: far away\n',
  )
  const json = await run('reload', '--json')
  t.same(JSON.parse(json.stdout), { applied: true, restartNeeded: ['api'], warnings })
})

t.test('networks that need a restart end with 1', async (t) => {
  const { run, services } = await aListeningApi(t)
  const restartNeeded = ['networks[1]']
  services.reloaded = { kind: 'reloaded', applied: false, restartNeeded, warnings: [] }
  const { code, stdout } = await run('reload')
  t.equal(code, 1)
  t.match(stdout, 'previous networks stay in force')
  t.match(stdout, 'networks[1]: in force after a restart')
  t.equal((await run('reload', '--json')).code, 1)
})

t.test('a file with problems ends with 1 and all of them', async (t) => {
  const { run, services } = await aListeningApi(t)
  const problems = [
    { path: 'networks[0].pool', message: 'wrong' },
    { path: 'api', message: 'odd' },
  ]
  services.reloaded = { kind: 'refused', problems }
  const { code, stderr } = await run('reload')
  t.equal(code, 1)
  t.match(stderr, 'stays in force')
  t.match(stderr, '\n  networks[0].pool: wrong\n  api: odd\n')
})
