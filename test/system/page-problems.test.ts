// needs: chromium
import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { anApi } from '../support/an-api.ts'
import { aPage, BUILT_PAGE, lackingForPage } from './support/a-page.ts'

const skip = lackingForPage()

t.setTimeout(300_000)

t.test('the page says on every part of it why phones cannot be served', { skip }, async (t) => {
  const { app, appliance } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  const { outside, clock } = appliance
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const { page, complaints } = await aPage(t, base)
  await page.getByText('live', { exact: true }).waitFor()
  t.equal(await page.getByRole('alert').count(), 0, 'nothing to say while all is well')
  outside.problems.push({ where: 'eth1', message: 'the link of eth1 is down' })
  await clock.pass(1_000)
  const banner = page.getByRole('alert').filter({ hasText: 'Phones cannot be served' })
  await banner.getByText('the link of eth1 is down').waitFor()
  await page.getByRole('link', { name: 'Networks' }).click()
  t.ok(await banner.isVisible(), 'elsewhere, too')
  outside.problems.pop()
  await clock.pass(1_000)
  await banner.waitFor({ state: 'detached' })
  t.same(complaints, [])
})

t.test(
  'a page of another site changes nothing, whatever a browser lets it send',
  {
    skip,
  },
  async (t) => {
    const { app, lines } = await anApi(t, { token: null })
    const target = await app.listen({ host: '127.0.0.1', port: 0 })
    const foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<title>elsewhere</title>')
    })
    foreign.listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    t.teardown(() => foreign.close())
    const { port } = foreign.address() as { readonly port: number }
    // By another name it is another site; by the same one and another port still another origin.
    for (const host of ['localhost', '127.0.0.1']) {
      const { page } = await aPage(t, `http://${host}:${port}/`)
      const ask = `fetch('${target}/v1/reload', { method: 'POST', mode: 'no-cors' }).catch(() => {})`
      // Sent without asking first, though the page may not see the answer.
      await page.evaluate(ask)
    }
    const answered = lines
      .map((line) => JSON.parse(line))
      .filter(({ path }) => path === '/v1/reload')
    t.same(
      answered.map(({ status }) => status),
      [403, 403],
    )
  },
)
