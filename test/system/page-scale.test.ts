// needs: chromium
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { formatMac } from '../../src/dashboard/words/format.ts'
import { aPhone } from '../dashboard/a-conversion.ts'
import { anApi } from '../support/an-api.ts'
import { aConversion, aStep } from '../support/conversion-builders.ts'
import { mac } from '../support/values.ts'
import { aPage, BUILT_PAGE, lackingForPage } from './support/a-page.ts'

const skip = lackingForPage()
const PHONES = 10_000

/** So many of them move. */
const UNDER_WAY = 1000

/** One page of phones with their conversions. */
const MOST_BYTES = 200_000

/** What a list of any length may take: its rows have about thirty elements each. */
const MOST_ELEMENTS = 2_500

/** Processor time for a page of phones that have moved: read, compared, drawn. */
const MOST_BUSY_MS = 200

/** Processor time of a frame while it is scrolled: a screen shows 60 a second. */
const MOST_FRAME_MS = 16

/** Two seconds of scrolling. */
const SCROLL_FRAMES = 120

/** So long the phones move while it is watched; the page reads at most once a second of them. */
const MOVING_MS = 8_000

t.setTimeout(600_000)

const macOf = (number: number) => `0200000${String(number).padStart(5, '0')}`

/** The conversion of a phone that is under way, by its number, as it would be stored then. */
function aConversionUnderWay(number: number, reading: number): Conversion {
  const load = 'P0S3-8-12-00'
  const of = 700_000
  const bytes = Math.min(of, reading * 20_000 + number * 100)
  const progress = { file: `${load}.sb2`, bytes, of }
  const seen = { code: 'went-silent', seen: 'silence', cause: 'a cable', source: 'RFC 1350' }
  const isStalled = number % 10 === 0
  return aConversion({
    ...{ mac: mac(macOf(number)), from: 'P00308000500', to: load, revision: reading + 1 },
    state: isStalled ? 'stalled' : 'running',
    diagnosis: isStalled ? { ...seen, remedy: 'Check cable and power.' } : null,
    steps: [aStep({ load, method: 'ual', stage: 'fetching', progress })],
  })
}

/** An API with so many phones, the first of them under way. */
async function aLargeApi(t: Test) {
  const api = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  const { services, appliance } = api
  const rows = Array.from({ length: PHONES }, (_, number) => ({
    mac: mac(macOf(number)),
    patch: { label: `desk ${number}`, network: 'bench' },
  }))
  await services.inventory.importPhones(rows, false)
  const underWay = (reading: number) =>
    Array.from({ length: UNDER_WAY }, (_, number) => aConversionUnderWay(number, reading))
  appliance.convert(...underWay(0))
  let reading = 0
  const moving = setInterval(() => {
    reading += 1
    appliance.convert(...underWay(reading))
    appliance.record({ event: 'tftp.transfer.ended', mac: mac(macOf(reading)) })
  }, 1_000)
  t.teardown(() => clearInterval(moving))
  return { ...api, base: await api.app.listen({ host: '127.0.0.1', port: 0 }) }
}

t.test('ten thousand phones are listed, filtered and paged like fifty', { skip }, async (t) => {
  const { base } = await aLargeApi(t)
  const { page, complaints } = await aPage(t, base)
  const lists: { readonly path: string; readonly bytes: number }[] = []
  page.on('response', async (response) => {
    const path = response.url().slice(base.length)
    if (!/^\/v1\/(?:phones|conversions)(?:\?|$)/.test(path)) return
    lists.push({ path, bytes: (await response.body().catch(() => '')).length })
  })
  await page.reload()
  await page.getByText(`${PHONES} of ${PHONES} phones`).waitFor()
  await page.getByRole('progressbar').first().waitFor()
  t.ok((await elementsIn(page)) < MOST_ELEMENTS, `${await elementsIn(page)} elements`)
  const busyMsOf = await busyClock(page)
  const busyBeforeMs = await busyMsOf()
  const before = lists.length
  await page.waitForTimeout(MOVING_MS)
  const seen = lists.length - before
  const busyMs = ((await busyMsOf()) - busyBeforeMs) / Math.max(1, seen)
  t.ok(busyMs < MOST_BUSY_MS, `${busyMs.toFixed(0)} ms of processor time a reading`)
  t.ok(seen > 1 && seen <= MOVING_MS / 1000 + 1, `${seen} readings in ${MOVING_MS} ms`)
  const scroll = await scrolled(page)
  t.comment(
    `scrolled ${scroll.pixels} pixels: ${scroll.frames} frames in ${scroll.ms.toFixed(0)} ms, ` +
      `${scroll.busyMs.toFixed(1)} ms of processor time a frame`,
  )
  t.ok(scroll.pixels > 500, 'there is something to scroll')
  t.ok(scroll.busyMs < MOST_FRAME_MS, `${scroll.busyMs.toFixed(1)} ms a frame`)
  const stalled = page.getByRole('button', { name: `Need attention ${UNDER_WAY / 10}` })
  await stalled.click()
  await page.getByText(`${UNDER_WAY / 10} of ${PHONES} phones`).waitFor()
  t.equal(await stalled.evaluate((one) => one.matches('[aria-pressed="true"]:focus')), true)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText(`51–100 of ${UNDER_WAY / 10}`).waitFor()
  await page.getByRole('link', { name: formatMac(macOf(500)) }).waitFor()
  await page.getByRole('button', { name: `All ${PHONES}` }).click()
  await page.getByRole('button', { name: 'Label' }).click()
  await page.getByRole('columnheader', { name: 'Label', exact: false }).waitFor()
  await page.locator('th[aria-sort="ascending"]', { hasText: 'Label' }).waitFor()
  await page.getByRole('button', { name: 'Label' }).click()
  await page.getByRole('link', { name: formatMac(macOf(PHONES - 1)) }).waitFor()
  await page.getByLabel('Filter', { exact: true }).fill('desk 999')
  await page.getByText(`1 of ${PHONES} phones`).waitFor()
  await page.getByRole('link', { name: formatMac(macOf(999)) }).press('Enter')
  await page.getByRole('heading', { name: `Phone ${formatMac(macOf(999))}` }).waitFor()
  t.same(
    lists.filter(({ path }) => !/limit=50|[?]mac=/.test(path)),
    [],
    'no list is read as a whole',
  )
  const most = Math.max(...lists.map(({ bytes }) => bytes))
  t.ok(most < MOST_BYTES, `${most} octets a reading`)
  t.same(
    complaints.filter((one) => !one.includes('404')),
    [],
  )
})

t.test('a roll-out of a thousand phones is filled in like one of fifty', { skip }, async (t) => {
  const phones = Array.from({ length: 1000 }, (_, number) => aPhone({ mac: macOf(number) }))
  const { app } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const { page } = await aPage(t, base, { answers: { '/v1/phones': phones } })
  await page.evaluate(`location.hash = '#/new-rollout'`)
  await page.getByRole('button', { name: 'Select all 1000 that match' }).click()
  await page.getByText('1000 of 1000 phones selected').waitFor()
  t.equal(await page.getByRole('checkbox', { name: /:/ }).count(), 50)
  t.ok((await elementsIn(page)) < MOST_ELEMENTS, `${await elementsIn(page)} elements`)
})

/** Scrolls the list to its end and back, a step a frame; processor time is that of the page alone. */
async function scrolled(page: Page) {
  const busyMsOf = await busyClock(page)
  const beforeMs = await busyMsOf()
  const { ms, pixels } = await page.evaluate<{ ms: number; pixels: number }>(`(async () => {
    const start = performance.now()
    const pixels = document.documentElement.scrollHeight - innerHeight
    for (let frame = 0; frame <= ${SCROLL_FRAMES}; frame++) {
      scrollTo(0, pixels * Math.sin((Math.PI * frame) / ${SCROLL_FRAMES}))
      await new Promise((drawn) => requestAnimationFrame(drawn))
    }
    return { ms: performance.now() - start, pixels }
  })()`)
  const busyMs = ((await busyMsOf()) - beforeMs) / SCROLL_FRAMES
  return { frames: SCROLL_FRAMES, ms, pixels, busyMs }
}

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
