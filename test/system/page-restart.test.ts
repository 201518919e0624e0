// needs: chromium
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { RESTART_METHODS } from '../../src/call-control/restart/method.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { anApi } from '../support/an-api.ts'
import { NOW_MS } from '../support/memory-services.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage, refusalsIn } from './support/a-page.ts'

const PHONE = '000E84C060A6' as Mac
const REGISTRATION = {
  mac: PHONE,
  protocol: 'sccp',
  version: '8.1(2.0)',
  load: null,
  userAgent: null,
  address: parseIpv4('10.20.0.60') ?? (0 as Ipv4),
  registeredAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 60_000,
  lastReset: 'Reset-Reset',
  lastResetCode: 22,
} as const

const skip = lackingForPage()

t.setTimeout(300_000)

async function aPhonePage(t: Test) {
  const { app, services } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  services.timelines.set(PHONE, [])
  services.viewed.set(PHONE, [])
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  await app.inject({ method: 'PUT', url: `/v1/phones/${PHONE}`, payload: { label: 'desk 12' } })
  const { page, complaints } = await aPage(t, base)
  await page.getByText('live', { exact: true }).waitFor()
  // Not a click, which misses where the page moves its rows between pressing and releasing.
  await page.getByRole('link', { name: '00:0E:84:C0:60:A6' }).press('Enter')
  /** What happens to the phone, in its timeline and on the stream. */
  const happen = (event: string, fields: Record<string, unknown>) => {
    const entry = { atMs: NOW_MS, source: 'conversion' as const, event, text: event, fields }
    services.timelines.set(PHONE, [...(services.timelines.get(PHONE) ?? []), entry])
    services.events.add({ event, mac: PHONE, fields })
  }
  return { page, complaints, services, happen }
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
  const { page, complaints, services, happen } = await aPhonePage(t)
  const part = page.getByRole('region', { name: 'Restart', exact: true })
  const button = page.getByRole('button', { name: 'Restart… phone' })
  await button.press('Enter')
  await page.keyboard.press('Escape')
  t.ok(await button.evaluate((one) => one.matches(':focus')), 'the keyboard is back')
  t.same(services.restartOrders, [], 'nothing is ordered without a yes')
  await order(page, 'automatic')
  await part.getByText('Restart ordered, first by: SCCP Reset.').waitFor()
  happen('phone.restart.sent', { method: 'sccp', why: 'by-hand' })
  await part.getByText('Waiting for the phone to start').waitFor()
  happen('phone.restart.failed', { method: 'sccp', reason: 'no restart was seen within 60 s' })
  await part.getByText('SCCP Reset: failed, no restart was seen within 60 s').waitFor()
  happen('phone.restart.sent', { method: 'poe', why: 'by-hand' })
  happen('phone.restart.seen', { method: 'poe', by: 'dhcp-start', resetCode: null, seconds: 40 })
  happen('phone.restart.ended', { outcome: 'seen', methods: ['sccp', 'poe'], why: 'by-hand' })
  await part.getByText('The phone has restarted.').waitFor()
  await part.getByText('the phone started 40 s later (it asked for an address)').waitFor()
  t.equal(await part.locator('[aria-live=polite]').count(), 1, 'a screen reader is told')
  t.same(services.restartOrders, [{ mac: PHONE, named: null }])
  t.same(complaints, [])
})

t.test('a phone that cannot be restarted: why, by method', { skip }, async (t) => {
  const { page, complaints, services } = await aPhonePage(t)
  const methods = RESTART_METHODS.map((method) => ({ method, reason: `no ${method} here` }))
  services.restartAnswer = { kind: 'no-method', methods }
  await order(page, 'poe')
  const refusal = page.getByRole('alert').filter({ hasText: 'No restart method available' })
  await refusal.waitFor()
  const lines = await refusal.getByRole('listitem').allTextContents()
  t.equal(lines.length, RESTART_METHODS.length)
  t.equal(lines[0], 'SCCP Reset: no sccp here')
  t.same(services.restartOrders, [{ mac: PHONE, named: 'poe' }])
  t.equal(refusalsIn(complaints), 1)
  t.same(besidesRefusals(complaints), [])
})

t.test('a registration is shown as soon as events tell of it', { skip }, async (t) => {
  const { page, complaints, services, happen } = await aPhonePage(t)
  const part = page.getByRole('region', { name: 'Registration' })
  await part.getByText('Not registered with this appliance.').waitFor()
  // The list that is polled every few seconds never tells of it.
  const list = await (await page.request.get(new URL('/v1/phones', page.url()).href)).json()
  await page.route('**/v1/phones', (route) => route.fulfill({ json: list }))
  services.registrations.isKept = true
  services.registered.set(PHONE, REGISTRATION)
  happen('phone.registered', { protocol: 'sccp' })
  await part.getByText('8.1(2.0)').waitFor()
  t.match(await part.textContent(), /SCCP.*10\.20\.0\.60.*Reset-Reset \(22\)/)
  services.registered.delete(PHONE)
  happen('phone.unregistered', { protocol: 'sccp', reason: 'closed' })
  await part.getByText('Not registered with this appliance.').waitFor()
  t.same(complaints, [])
})
