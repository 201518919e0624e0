// needs: chromium
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'
import { aBusyBench, BUSY, plugMovingPhone } from './support/a-busy-bench.ts'
import { aPage, lackingForPage } from './support/a-page.ts'

const skip = lackingForPage()

/** Set, the pictures of the documents are taken again; otherwise they go to a folder of the test. */
const KEEPS = process.env['SWITCHHOOK_PICTURES'] === 'keep'

/** More would be felt by whoever reads the first page over a slow line. */
const MOST_BYTES = 150_000

/** The pictures that the documents show. */
const PICTURES = ['phones-light.png', 'phone-dark.png', 'diagnosis-light.png'] as const

t.setTimeout(600_000)

t.test('the pictures of the README are taken of the page as it is', { skip }, async (t) => {
  const bench = await aBusyBench(t)
  const { page } = await aPage(t, bench.appliance.origin)
  const folder = KEEPS ? join(ROOT, 'docs/pictures') : t.testdir({})
  await plugMovingPhone(bench)
  const take = async (name: (typeof PICTURES)[number], address: string, text: string) => {
    await page.emulateMedia({ colorScheme: name.includes('dark') ? 'dark' : 'light' })
    await show(page, address, text)
    await page.screenshot({ path: join(folder, name) })
    t.ok(statSync(join(folder, name)).size < MOST_BYTES, `${name} is small`)
  }
  await take('phone-dark.png', `#/phones/${BUSY.moving}`, 'fetching')
  await take('phones-light.png', '#/phones', '00:0E:84:C0:60:A7')
  await take('diagnosis-light.png', `#/phones/${BUSY.stalled}`, 'what to do')
})

t.test('each picture is there, small, and shown by the README', async (t) => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  for (const name of PICTURES) {
    t.ok(statSync(join(ROOT, 'docs/pictures', name)).size < MOST_BYTES, name)
    t.match(readme, `docs/pictures/${name}`)
  }
})

async function show(page: Page, address: string, text: string): Promise<void> {
  await page.evaluate(`location.hash = '${address}'`)
  await page.getByText(text).first().waitFor()
  // No focus ring, no half-drawn table.
  await page.evaluate('document.activeElement.blur()')
  await page.waitForTimeout(700)
}
