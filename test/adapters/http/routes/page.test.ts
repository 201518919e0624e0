import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { anApi } from '../../../support/an-api.ts'

t.test('the page is served at / without a token, and nothing beside it', async (t) => {
  const folder = join(t.testdir({ 'secret.txt': 'hush' }), 'dashboard')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Switchhook</title>')
  writeFileSync(join(folder, 'assets', 'page.js'), 'export {}')
  writeFileSync(join(folder, '.env'), 'hush')
  symlinkSync('../secret.txt', join(folder, 'link.txt'))
  const { app } = await anApi(t, { staticDir: folder })
  const page = await app.inject({ url: '/' })
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], 'text/html')
  t.match(page.headers['content-security-policy'], "script-src 'self'")
  const script = await app.inject({ url: '/assets/page.js' })
  t.equal(script.statusCode, 200)
  t.match(script.headers['content-type'], 'javascript')
  for (const url of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/.env',
    '/assets',
    '/x',
  ]) {
    const response = await app.inject({ url })
    t.equal(response.statusCode, 404, url)
    t.match(response.headers['content-type'], 'application/problem+json', url)
    t.notMatch(response.body, 'hush', url)
  }
  t.equal((await app.inject({ url: '/v1/phones' })).statusCode, 401, 'the API still asks for it')
  t.notMatch((await app.inject({ url: '/openapi.json' })).json().paths, { '/': {} })
})

t.test('without a page, / is told to be nothing', async (t) => {
  const { app } = await anApi(t)
  t.equal((await app.inject({ url: '/' })).statusCode, 404)
})
