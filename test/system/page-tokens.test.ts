// needs: chromium
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { aPage, besidesRefusals, lackingForPage } from './support/a-page.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const skip = lackingForPage()

t.setTimeout(300_000)

const go = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).press('Enter')

/** A page over the built appliance, on loopback. */
async function aBench(t: Test) {
  const { appliance } = await aLoopbackBench(t, { loads: [] })
  const ask = (path: string, token?: string) =>
    fetch(`${appliance.origin}${path}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
  return { origin: appliance.origin, ask, ...(await aPage(t, appliance.origin)) }
}

t.test('a token is created by keyboard, shown once, works and is deleted', { skip }, async (t) => {
  const { page, ask, complaints } = await aBench(t)
  await go(page, 'Tokens')
  await page.getByText('No named tokens.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('grafana')
  await page.getByLabel('It may').selectOption('operator')
  await page.getByRole('button', { name: 'Create the token' }).press('Enter')
  const shown = page.getByRole('status').filter({ hasText: 'Token grafana is created.' })
  const token = (await shown.locator('pre').textContent()) ?? ''
  t.match(token, /^\S{20,}$/)
  const used = await ask('/v1/tokens', token)
  t.match(await used.json(), [{ name: 'grafana', lastUsedAt: /Z$/ }], 'it is what was created')
  const row = page.getByRole('row').filter({ hasText: 'grafana' })
  await row.getByText('change everything but tokens and webhooks').waitFor()
  await page.getByRole('button', { name: 'I have stored it' }).press('Enter')
  await shown.waitFor({ state: 'detached' })
  t.notMatch(await page.content(), token, 'it is not shown again')

  await page.getByLabel('Name', { exact: true }).fill('grafana')
  await page.getByRole('button', { name: 'Create the token' }).press('Enter')
  await page.getByRole('alert').filter({ hasText: 'exists already' }).waitFor()

  await row.getByRole('button', { name: 'Delete grafana' }).press('Enter')
  await page.getByRole('button', { name: 'Delete it' }).press('Enter')
  await page.getByText('No named tokens.').waitFor()
  t.same(await (await ask('/v1/tokens')).json(), [])
  t.same(besidesRefusals(complaints), [])
})

t.test('a token that may only read is told so by the page', { skip }, async (t) => {
  const { page, origin } = await aBench(t)
  const made = await fetch(`${origin}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'wallboard', role: 'read' }),
  })
  const { token } = (await made.json()) as { readonly token: string }
  await page.evaluate(`sessionStorage.setItem('switchhook-token', '${token}')`)
  await page.reload()
  await go(page, 'Tokens')
  await page.getByRole('row').filter({ hasText: 'wallboard' }).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('mine')
  await page.getByRole('button', { name: 'Create the token' }).press('Enter')
  await page.getByRole('alert').filter({ hasText: 'read' }).waitFor()
  t.equal(await page.getByRole('row').filter({ hasText: 'mine' }).count(), 0)
})

t.test('a webhook is created, followed, changed and deleted on the page', { skip }, async (t) => {
  const { page, origin, complaints } = await aBench(t)
  const receiver = await aReceiver(t)
  await go(page, 'Webhooks')
  await page.getByText('No webhooks.').waitFor()
  await page.getByLabel('URL').fill('ftp://127.0.0.1/')
  await page.getByLabel('Events').fill('audits')
  await page.getByRole('button', { name: 'Create the webhook' }).press('Enter')
  await page.getByRole('alert').filter({ hasText: 'Correct: URL, Event 1' }).waitFor()
  await page.getByText('audits is no event').waitFor()
  await page.getByLabel('URL').fill(`${receiver.origin}/hook`)
  await page.getByLabel('Events').fill('audit')
  await page.getByRole('button', { name: 'Create the webhook' }).press('Enter')
  const shown = page.getByRole('status').filter({ hasText: 'The webhook is created.' })
  t.match(await shown.locator('pre').textContent(), /^[0-9a-f]{64}$/)

  receiver.status = 500
  const enrolled = await fetch(`${origin}/v1/phones/000E84C060A6`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  t.equal(enrolled.status, 201)
  await page.getByText('failing: answered 500').waitFor()
  receiver.status = 204
  await page.getByRole('link', { name: `${receiver.origin}/hook` }).press('Enter')
  await page.getByRole('heading', { name: 'Webhook', exact: true }).waitFor()
  await page.getByLabel('URL').fill(`${receiver.origin}/other`)
  await page.getByRole('button', { name: 'Save' }).press('Enter')
  await page.getByText(/^\d+ delivered, the last at/).waitFor()
  t.equal(receiver.paths.at(-1), '/other')

  await page.getByRole('link', { name: `${receiver.origin}/other` }).press('Enter')
  await page.getByRole('button', { name: 'Delete…' }).press('Enter')
  await page.getByRole('button', { name: 'Delete it' }).press('Enter')
  await page.getByText('No webhooks.').waitFor()
  t.same(besidesRefusals(complaints), [])
})

/** Somebody who is told of events, and answers as it is told to. */
async function aReceiver(t: Test) {
  const receiver = { origin: '', status: 204, paths: [] as string[] }
  const server = createServer((request, response) => {
    receiver.paths.push(request.url ?? '')
    response.writeHead(receiver.status).end()
  })
  t.teardown(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}
