// needs: chromium
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Locator, Page } from 'playwright-core'
import t from 'tap'
import { aBusyBench, BUSY } from './support/a-busy-bench.ts'
import { aPage, lackingForPage } from './support/a-page.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const skip = lackingForPage()

/** Every part of the page, by its address and a text that stands there once it is drawn. */
const VIEWS = [
  ['#/phones', '00:0E:84:C0:60:A7'],
  [`#/phones/${BUSY.confirmed}`, 'SIPDefault.cnf'],
  [`#/phones/${BUSY.moving}`, 'SIPDefault.cnf'],
  [`#/phones/${BUSY.stalled}`, 'what to do'],
  [`#/phones/${BUSY.idle}`, 'Start conversion'],
  ['#/phones/020000000001', 'is not enrolled'],
  [`#/phones/${BUSY.confirmed}/edit`, 'Remove the stored password'],
  ['#/enrol', 'MAC address'],
  ['#/rollouts', 'floor-3'],
  ['#/rollouts/floor-3', 'not started yet'],
  ['#/rollouts/no-such', 'There is no roll-out with this name'],
  ['#/new-rollout', 'desk 2'],
  ['#/surveys', 'Start the survey'],
  ['#/surveys/no-such', 'no longer there'],
  ['#/networks', 'addresses in use'],
  ['#/devices', 'No unknown device has asked.'],
  ['#/profiles', 'proxy1_address'],
  ['#/profiles/to-sip', 'Value of proxy1_address'],
  ['#/new-profile', 'Create the profile'],
  ['#/leases', 'Held by'],
  ['#/files', 'No shared files.'],
  ['#/events', 'conversion.started'],
  [`#/events/${BUSY.stalled}`, 'conversion.started'],
  ['#/tokens', 'No named tokens.'],
  ['#/webhooks', 'No webhooks.'],
  ['#/webhooks/no-such', 'There is no such webhook.'],
  ['#/appliance', 'Reload the configuration'],
  [`#/phones/${BUSY.confirmed}/report`, 'Firmware files that the phone'],
  ['#/rollouts/floor-3/report', 'Report of roll-out'],
  ['#/firmware', 'P0S3-8-12-00.loads'],
] as const

const EMPTY_VIEWS = [
  ['#/phones', 'Convert the first phone'],
  ['#/rollouts', 'No roll-outs.'],
  ['#/new-rollout', 'Select a load and at least one phone first.'],
  ['#/firmware', 'No firmware yet.'],
] as const

/** Light and dark; a laptop, and a screen on which tables do not fit. */
const SCREENS = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const

t.setTimeout(600_000)

t.test(
  'axe finds nothing on any part of the page, dark or light, wide or narrow',
  {
    skip,
  },
  async (t) => {
    const { appliance } = await aBusyBench(t)
    const { page, complaints } = await aPage(t, appliance.origin)
    t.same(await violationsOf(page, VIEWS), [])
    t.same(
      complaints.filter((one) => !one.includes('404')),
      [],
      'no other error, no request to anybody else',
    )
  },
)

t.test('axe finds nothing on the page of an empty bench', { skip }, async (t) => {
  const { appliance } = await aLoopbackBench(t, { loads: [] })
  const { page, complaints } = await aPage(t, appliance.origin)
  t.same(await violationsOf(page, EMPTY_VIEWS), [])
  t.same(complaints, [])
})

/** What axe finds, and where the page is wider than the screen. */
async function violationsOf(
  page: Page,
  views: readonly (readonly [string, string])[],
): Promise<string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axe)
  const found: string[] = []
  for (const [address, text] of views) {
    await page.evaluate(`location.hash = '${address}'`)
    await page.getByText(text).first().waitFor()
    for (const [colorScheme, width] of SCREENS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const where = `${address} ${colorScheme} ${width}`
      for (const violation of await page.evaluate<string[]>(RUN_AXE)) {
        found.push(`${where}: ${violation}`)
      }
      const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      if (isTooWide === true) found.push(`${where}: scrolls sideways`)
    }
  }
  return found
}

/** Runs in the page, once what the new size changes has been drawn. */
const RUN_AXE = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => axe.run(document, { resultTypes: ['violations'] }))
  .then(({ violations }) => violations.map(({ impact, id, nodes }) =>
    impact + ' ' + id + ' ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

t.test(
  'the keyboard alone enrols a phone, converts it and looks into a file',
  {
    skip,
  },
  async (t) => {
    const { appliance } = await aLoopbackBench(t, { loads: ['P00305000300', 'P0S3-06-3-00'] })
    const { page, complaints } = await aPage(t, appliance.origin)
    const enrol = page.getByRole('navigation').getByRole('link', { name: 'Enrol a phone' })
    await enrol.waitFor()
    await tabTo(page, enrol)
    await page.keyboard.press('Enter')
    await page.locator('main:focus').waitFor()
    await tabTo(page, page.getByLabel('MAC address'))
    await page.keyboard.type('000e84c060a6')
    await tabTo(page, page.getByLabel('Model'))
    await page.keyboard.type('7960')
    await tabTo(page, page.getByRole('button', { name: 'Enrol' }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Phone 00:0E:84:C0:60:A6' }).waitFor()
    await page.locator('main:focus').waitFor()
    await tabTo(page, page.getByLabel('Target load'))
    await page.keyboard.type('P0S3')
    await tabTo(page, page.getByLabel('Present load'))
    await page.keyboard.type('P00305000300')
    await tabTo(page, page.getByRole('button', { name: 'Start conversion' }))
    await page.keyboard.press('Enter')
    const cancel = page.getByRole('button', { name: 'Cancel the conversion' })
    await cancel.waitFor()
    t.equal(await focusIn(page), 'MAIN', 'the form is gone, and the keyboard is not')
    await tabTo(page, page.getByRole('button', { name: 'OS79XX.TXT' }))
    await page.keyboard.press('Enter')
    const preview = page.getByLabel('Content of OS79XX.TXT')
    await preview.getByText('P0S3-06-3-00').waitFor()
    await tabTo(page, preview.getByRole('button', { name: 'Close' }))
    await page.keyboard.press('Enter')
    await preview.waitFor({ state: 'detached' })
    t.equal(await focusIn(page), 'SECTION', 'the keyboard goes on at the list of files')
    await tabTo(page, cancel)
    await page.keyboard.press('Enter')
    await page.getByText('cancelled').first().waitFor()
    t.equal(await focusIn(page), 'SECTION', 'the button is gone, and the keyboard is not')
    t.same(complaints, [])
  },
)

/** Presses Tab until this has the keyboard; whatever has it on the way must show that. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const unseen = await page.evaluate<string | null>(UNSEEN_FOCUS)
    if (unseen !== null) throw new Error(`nobody sees that the keyboard is at ${unseen}`)
    if (await wanted.evaluate((element) => element.matches(':focus'))) return
  }
  throw new Error(`the keyboard does not come to ${wanted}`)
}

/** What has the keyboard without an outline; null where it has one, or is where the page put it. */
const UNSEEN_FOCUS = `(() => {
  const at = document.activeElement
  if (at === document.body || at.matches('main, [tabindex="-1"]')) return null
  const { outlineStyle, outlineWidth } = getComputedStyle(at)
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? null : at.outerHTML
})()`

function focusIn(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.tagName')
}
