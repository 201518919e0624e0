// needs: chromium
import type { Page } from 'playwright-core'
import t from 'tap'
import { aConversion, aPhone, aStep } from '../dashboard/a-conversion.ts'
import { anApi } from '../support/an-api.ts'
import { aPage, BUILT_PAGE, lackingForPage } from './support/a-page.ts'

const skip = lackingForPage()
const PHONES = 1000

/** What a list of any length may take: its rows have about thirty elements each. */
const MOST_ELEMENTS = 2_500

/** Processor time for a thousand phones that have moved: read, compared, drawn. */
const MOST_BUSY_MS = 200

/** So long the phones move while it is watched; the page reads at most once a second of them. */
const MOVING_MS = 8_000

t.setTimeout(600_000)

const macOf = (number: number) => `0200000${String(number).padStart(5, '0')}`

const phones = Array.from({ length: PHONES }, (_, number) =>
  aPhone({ mac: macOf(number), label: `desk ${number}`, network: 'bench', profile: null }),
)

/** Each phone a little further at each reading; every tenth has stopped. */
function conversionsAt(reading: number) {
  return phones.map(({ mac }, number) => {
    const isStalled = number % 10 === 0
    const of = 700_000
    const bytes = Math.min(of, reading * 20_000 + number * 100)
    const progress = { file: 'P0S3-8-12-00.sb2', bytes, of }
    const seen = { code: 'went-silent', seen: 'silence', cause: 'a cable', source: 'RFC 1350' }
    return aConversion({
      mac,
      state: isStalled ? 'stalled' : 'running',
      steps: [aStep({ stage: isStalled ? 'stalled' : 'fetching', progress })],
      diagnosis: isStalled ? { ...seen, remedy: 'Check cable and power.' } : null,
      revision: reading,
    })
  })
}

t.test(
  'a thousand phones that all move are listed, sifted and turned like fifty',
  {
    skip,
  },
  async (t) => {
    const { app } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const { page, complaints } = await aPage(t, base, { answers: { '/v1/phones': phones } })
    let readings = 0
    await page.route(`${base}/v1/conversions`, (route) =>
      route.fulfill({ json: conversionsAt(readings++) }),
    )
    await page.reload()
    await page.getByText(`${PHONES} of ${PHONES} phones`).waitFor()
    await page.getByRole('progressbar').first().waitFor()
    t.ok((await elementsIn(page)) < MOST_ELEMENTS, `${await elementsIn(page)} elements`)
    const busyMsOf = await busyClock(page)
    const busyBeforeMs = await busyMsOf()
    const before = readings
    await page.waitForTimeout(MOVING_MS)
    const seen = readings - before
    const busyMs = ((await busyMsOf()) - busyBeforeMs) / Math.max(1, seen)
    t.ok(busyMs < MOST_BUSY_MS, `${busyMs.toFixed(0)} ms of processor time a reading`)
    t.ok(seen > 1 && seen <= MOVING_MS / 1000 + 1, `${seen} readings in ${MOVING_MS} ms`)
    const group = page.getByRole('button', { name: 'Need attention 100' })
    await group.click()
    await page.getByText(`100 of ${PHONES} phones`).waitFor()
    t.equal(await group.evaluate((one) => one.matches('[aria-pressed="true"]:focus')), true)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('51–100 of 100').waitFor()
    await page.getByRole('link', { name: '02:00:00:00:05:00' }).waitFor()
    await page.getByRole('button', { name: 'All 1000' }).click()
    await page.getByLabel('Filter').fill('desk 999')
    await page.getByText(`1 of ${PHONES} phones`).waitFor()
    await page.getByRole('link', { name: '02:00:00:00:09:99' }).press('Enter')
    await page.getByRole('heading', { name: 'Phone 02:00:00:00:09:99' }).waitFor()
    t.same(
      complaints.filter((one) => !one.includes('404')),
      [],
    )
  },
)

t.test('a roll-out of a thousand phones is filled in like one of fifty', { skip }, async (t) => {
  const { app } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const { page } = await aPage(t, base, { answers: { '/v1/phones': phones } })
  await page.evaluate(`location.hash = '#/new-rollout'`)
  await page.getByRole('button', { name: 'Select all 1000 that match' }).click()
  await page.getByText('1000 of 1000 phones selected').waitFor()
  t.equal(await page.getByRole('checkbox', { name: /:/ }).count(), 50)
  t.ok((await elementsIn(page)) < MOST_ELEMENTS, `${await elementsIn(page)} elements`)
})

function elementsIn(page: Page): Promise<number> {
  return page.evaluate<number>("document.querySelectorAll('*').length")
}

/** Processor time of the page's thread so far, in milliseconds: other programs do not add to it. */
async function busyClock(page: Page): Promise<() => Promise<number>> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await devTools.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }
}
