import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { switchhook } from '../../support/command-line.ts'

t.test('a token is printed alone, once, and does what its role allows', async (t) => {
  const { run, url } = await aListeningApi(t)
  const added = await run('tokens', 'add', 'grafana', '--role', 'read')
  t.equal(added.code, 0, added.stderr)
  t.match(added.stdout, /^swh_[\w-]{43}\n$/)
  const as = (...args: string[]) =>
    switchhook(...args, '--api', url, '--token', added.stdout.trim())
  t.match((await as('tokens', 'list')).stdout, /^NAME .*\ngrafana +read +2026-\S+ +2026-\S+\n$/)
  const refused = await as('phones', 'add', '000E84C060A6')
  t.equal(refused.code, 1)
  t.match(refused.stderr, 'Token grafana has the role read, which changes nothing')
  t.equal((await as('tokens', 'add', 'mine', '--role', 'operator')).code, 1)
  t.match(await run('tokens', 'remove', 'grafana'), { code: 0, stdout: 'grafana removed\n' })
  t.equal((await as('tokens', 'list')).code, 77)
})

t.test('as JSON there is all of it', async (t) => {
  const { run } = await aListeningApi(t)
  const added = await run('tokens', 'add', 'ansible', '--role', 'operator', '--json')
  t.match(JSON.parse(added.stdout), { name: 'ansible', role: 'operator', token: /^swh_/ })
  const listed = await run('tokens', 'list', '--json')
  t.match(JSON.parse(listed.stdout), [{ name: 'ansible', role: 'operator', lastUsedAt: null }])
})

t.test('a role that is none is a fault of the command line', async (t) => {
  t.equal((await switchhook('tokens', 'add', 'x', '--role', 'root')).code, 64)
  t.equal((await switchhook('tokens', 'add', 'x')).code, 64)
})
