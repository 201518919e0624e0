import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

const CHROMIUM = '/usr/bin/chromium'

/** The built page, as the appliance serves it. */
export const BUILT_PAGE = fileURLToPath(new URL('../../../dist/dashboard', import.meta.url))

/** Chromium as root, without a display, and without a word to anybody else. */
const BROWSER = {
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** Generous, for a busy machine. */
const WITHIN_MS = 60_000

/** Chromium itself reports each answer that says no. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/

/** A page that is open, and what it complained of. */
export type OpenPage = {
  readonly page: Page
  /** Errors, violations of the content security policy, and whatever it asked of others. */
  readonly complaints: readonly string[]
}

/** How a page is opened. */
export type PageOptions = {
  /** Answers of the API, by path, that do not come from it. */
  readonly answers?: Readonly<Record<string, unknown>>
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
}

/** Why this machine cannot show the page; false where it can. */
export function lackingForPage(): string | false {
  if (!existsSync(CHROMIUM)) return `no ${CHROMIUM}`
  if (!existsSync(`${BUILT_PAGE}/index.html`)) return 'no built page: npm run build'
  return false
}

/** A page in a browser of its own, and whatever it complains of or asks of others. */
export async function aPage(t: Test, base: string, options: PageOptions = {}): Promise<OpenPage> {
  const { answers = {}, scheme = 'light', width = 1280 } = options
  const browser: Browser = await chromium.launch(BROWSER)
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme })
  page.setDefaultTimeout(WITHIN_MS)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(`${base}/`)) complaints.push(request.url())
  })
  for (const [path, json] of Object.entries(answers)) {
    await page.route(`${base}${path}`, (route) => route.fulfill({ json }))
  }
  await page.goto(`${base}/`)
  return { page, complaints }
}

/** How many answers said no. */
export function refusalsIn(complaints: readonly string[]): number {
  return complaints.filter((one) => REFUSED.test(one)).length
}

/** What the page complained of besides answers that said no. */
export function besidesRefusals(complaints: readonly string[]): string[] {
  return complaints.filter((one) => !REFUSED.test(one))
}
