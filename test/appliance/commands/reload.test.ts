import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aBenchConfiguration } from '../../support/in-memory/an-appliance.ts'

t.test('networks in force end with 0, with what a restart is needed for', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.file.content = aBenchConfiguration({
    network: { tftpServers: ['10.20.0.9'] },
    configuration: { tftp: { maxTransfers: 5 } },
  })
  const { code, stdout } = await run('reload')
  t.equal(code, 0)
  t.match(
    stdout,
    /^The networks of the file are in force\.\n {2}tftp: in force after a restart\n {2}warning: networks\[0\]\.tftpServers: without 10\.20\.0\.2, .*\n$/,
  )
  const json = await run('reload', '--json')
  t.match(JSON.parse(json.stdout), {
    applied: true,
    restartNeeded: ['tftp'],
    warnings: [{ path: 'networks[0].tftpServers' }],
  })
})

t.test('networks that need a restart end with 1', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.file.content = aBenchConfiguration({ network: { interface: 'eth7' } })
  const { code, stdout } = await run('reload')
  t.equal(code, 1)
  t.match(stdout, 'previous networks stay in force')
  t.match(stdout, 'networks[0]: in force after a restart')
  t.equal((await run('reload', '--json')).code, 1)
})

t.test('a file with problems ends with 1 and all of them', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.file.content = aBenchConfiguration({
    network: { pool: ['wrong'] },
    configuration: { odd: true },
  })
  const { code, stderr } = await run('reload')
  t.equal(code, 1)
  t.match(stderr, 'stays in force')
  t.match(stderr, /\n {2}networks\[0\]\.pool\[0\]: found "wrong"/)
  t.match(stderr, /\n {2}odd: /)
})
