// needs: chromium
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { RESTART_METHODS } from '../../src/call-control/restart/method.ts'
import { anApi } from '../support/an-api.ts'
import type { InMemoryOptions } from '../support/in-memory/an-appliance.ts'
import { ipv4, mac, NOW_MS } from '../support/values.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage, refusalsIn } from './support/a-page.ts'

const PHONE = mac('000E84C060A6')
const ADDRESS = ipv4('10.20.0.60')
const REGISTRATION = {
  mac: PHONE,
  protocol: 'sccp',
  version: '8.1(2.0)',
  load: null,
  userAgent: null,
  address: ADDRESS,
  expiresAtMs: NOW_MS + 60_000,
  lastReset: 'Reset-Reset',
  lastResetCode: 22,
} as const

const skip = lackingForPage()

t.setTimeout(300_000)

async function aPhonePage(t: Test, phone: object, options: InMemoryOptions = {}) {
  const { app, appliance } = await anApi(t, { staticDir: BUILT_PAGE, token: null, ...options })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const payload = { label: 'desk 12', address: '10.20.0.60', ...phone }
  await app.inject({ method: 'PUT', url: `/v1/phones/${PHONE}`, payload })
  const { page, complaints } = await aPage(t, base)
  await page.getByText('live', { exact: true }).waitFor()
  // Not a click, which misses where the page moves its rows between pressing and releasing.
  await page.getByRole('link', { name: '00:0E:84:C0:60:A6' }).press('Enter')
  return { page, complaints, appliance }
}

async function order(page: Page, method: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Restart phone 00:0E:84:C0:60:A6?' })
  await page.getByRole('button', { name: 'Restart… phone' }).press('Enter')
  await dialog.waitFor()
  await dialog.getByLabel('Method').selectOption(method)
  await dialog.getByRole('button', { name: 'Restart it' }).press('Enter')
  await dialog.waitFor({ state: 'hidden' })
}

t.test('a phone is restarted by keyboard, and each outcome is said', { skip }, async (t) => {
  const configuration = { restart: { command: ['/bin/true'] } }
  const { page, complaints, appliance } = await aPhonePage(
    t,
    { switchPort: 'sw1/7' },
    { configuration },
  )
  const { clock, outside } = appliance
  const part = page.getByRole('region', { name: 'Restart', exact: true })
  const button = page.getByRole('button', { name: 'Restart… phone' })
  await button.press('Enter')
  await page.keyboard.press('Escape')
  t.ok(await button.evaluate((one) => one.matches(':focus')), 'the keyboard is back')
  t.same(outside.restarts, [], 'nothing is ordered without a yes')
  await order(page, 'automatic')
  await part.getByText('Waiting for the phone to start').waitFor()
  await part.getByText('Power of its switch port: sent').waitFor()
  await clock.pass(120_000)
  await part.getByText('Power of its switch port: failed, no restart was seen within').waitFor()
  await part.getByText('Restart command: sent').waitFor()
  await clock.pass(40_000)
  await appliance.phone(PHONE, ADDRESS).boots()
  await part.getByText('The phone has restarted.').waitFor()
  await part.getByText('the phone started 40 s later (it asked for an address)').waitFor()
  t.equal(await part.locator('[aria-live=polite]').count(), 1, 'a screen reader is told')
  t.same(outside.restarts, [
    { method: 'poe', mac: PHONE },
    { method: 'command', mac: PHONE },
  ])
  t.same(complaints, [])
})

t.test('a phone that cannot be restarted: why, by method', { skip }, async (t) => {
  const { page, complaints, appliance } = await aPhonePage(t, {})
  await order(page, 'poe')
  const refusal = page.getByRole('alert').filter({ hasText: 'No restart method available' })
  await refusal.waitFor()
  const lines = await refusal.getByRole('listitem').allTextContents()
  t.equal(lines.length, RESTART_METHODS.length)
  t.equal(lines[0], 'SCCP Reset: its network has no SCCP call control')
  t.same(appliance.outside.restarts, [])
  t.equal(refusalsIn(complaints), 1)
  t.same(besidesRefusals(complaints), [])
})

t.test('a registration is shown as soon as events tell of it', { skip }, async (t) => {
  const { page, complaints, appliance } = await aPhonePage(t, {}, { callControl: true })
  const part = page.getByRole('region', { name: 'Registration' })
  await part.getByText('Not registered with this appliance.').waitFor()
  // The list that is polled every few seconds never tells of it.
  const list = await (await page.request.get(new URL('/v1/phones', page.url()).href)).json()
  await page.route('**/v1/phones', (route) => route.fulfill({ json: list }))
  appliance.registrar?.register(REGISTRATION)
  await part.getByText('8.1(2.0)').waitFor()
  t.match(await part.textContent(), /SCCP.*10\.20\.0\.60.*Reset-Reset \(22\)/)
  appliance.registrar?.unregister(PHONE, 'sccp')
  await part.getByText('Not registered with this appliance.').waitFor()
  t.same(complaints, [])
})
