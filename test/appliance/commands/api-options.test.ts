import { join } from 'node:path'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { TOKEN } from '../../support/an-api.ts'
import { switchhook } from '../../support/command-line.ts'

t.test('an appliance that does not answer ends with 69, and says which', async (t) => {
  const { code, stdout, stderr } = await switchhook('status', '--api', 'http://127.0.0.1:1')
  t.equal(code, 69)
  t.equal(stdout, '')
  t.match(stderr, /^http:\/\/127\.0\.0\.1:1 does not answer: .+\n$/)
  const misspelt = await switchhook('status', '--api', 'foo')
  t.equal(misspelt.code, 64)
  t.equal(misspelt.stderr, '--api foo: wanted a URL such as http://127.0.0.1:8067\n')
})

t.test('a token comes from the command line, a file, or the environment', async (t) => {
  const { url } = await aListeningApi(t)
  const file = join(t.testdir({ token: `${TOKEN}\n` }), 'token')
  const list = (...args: readonly string[]) => switchhook('phones', 'list', '--api', url, ...args)
  t.equal((await list('--token', TOKEN)).code, 0)
  t.equal((await list('--token-file', file)).code, 0)
  const without = await list()
  t.equal(without.code, 77)
  t.match(without.stderr, 'token')
  process.env['SWITCHHOOK_API_TOKEN'] = TOKEN
  t.teardown(() => delete process.env['SWITCHHOOK_API_TOKEN'])
  t.equal((await list()).code, 0)
  const missing = await list('--token-file', `${file}.none`)
  t.equal(missing.code, 66)
  t.match(missing.stderr, `--token-file ${file}.none: no such file`)
})
