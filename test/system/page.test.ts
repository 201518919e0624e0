// needs: chromium
import type { Page } from 'playwright-core'
import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { anApi, TOKEN } from '../support/an-api.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage, refusalsIn } from './support/a-page.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const PHONE = '000E84C060A6'
const [FROM, TO] = ['P00305000300', 'P0S3-06-3-00']
const [BAD, LEFT_OUT] = ['P0S3-8-12-00', 'P0S3-8-12-00.sb2']

const skip = lackingForPage()

t.setTimeout(600_000)

t.test('from an empty bench to a converted phone, on the page alone', { skip }, async (t) => {
  const { appliance, simulate } = await aLoopbackBench(t, { loads: [FROM] })
  const { page, complaints } = await aPage(t, appliance.origin)
  await page.getByRole('heading', { name: 'Phones' }).waitFor()
  await page.getByRole('heading', { name: 'Convert the first phone' }).waitFor()
  await uploadFirmware(page)
  await enrolPhone(page)
  await startConversion(page)
  const phone = simulate(['--mac', PHONE, '--load', FROM, '--until', TO, '--timeout', '100'])
  await page.getByText(`confirmed: runs ${TO}`).first().waitFor({ timeout: 120_000 })
  t.equal((await phone).code, 0)
  const conversion = await appliance.api.get<Conversion>(`/v1/phones/${PHONE}/conversion`)
  t.equal(conversion.state, 'confirmed', 'the API says the same')
  t.match(await page.getByRole('status').textContent(), 'confirmed', 'a screen reader is told')
  t.match(await page.getByLabel('Timeline of the phone').textContent(), 'was offered 127.84.0.')
  await page.getByRole('button', { name: 'SIPDefault.cnf' }).click()
  await page.getByLabel('Content of SIPDefault.cnf').getByText(`image_version: ${TO}`).waitFor()
  await page.getByRole('link', { name: 'Phones', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: '00:0E:84:C0:60:A6' })
  t.match(await row.textContent(), 'desk 12')
  t.equal(await row.getByRole('progressbar').getAttribute('aria-valuenow'), '100')
  await page.getByRole('link', { name: 'Networks' }).click()
  await page.getByText('1 of 50 addresses in use: 1 bound').waitFor()
  t.equal(refusalsIn(complaints), 3, 'those of the bad archive, address and load')
  t.same(besidesRefusals(complaints), [], 'no other error, no request to anybody else')
})

async function uploadFirmware(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Firmware', exact: true }).click()
  const mimeType = 'application/zip'
  const choose = page.getByLabel('Drop firmware ZIP files')
  await choose.setInputFiles([
    { name: 'bad.zip', mimeType, buffer: await aFirmwareZip(BAD, [LEFT_OUT]) },
    { name: 'good.zip', mimeType, buffer: await aFirmwareZip(TO) },
  ])
  const refusal = page.getByRole('alert').filter({ hasText: 'Firmware not imported' })
  await refusal.getByRole('listitem').filter({ hasText: LEFT_OUT }).waitFor()
  await page.getByText(`good.zip: ${TO} added.`).waitFor()
  await page.getByRole('rowheader', { name: TO }).waitFor()
}

async function enrolPhone(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Enrol a phone' }).click()
  await page.getByLabel('MAC address').fill('00:0e:84:c0:60')
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.getByRole('alert').filter({ hasText: 'MAC address' }).waitFor()
  await page.getByLabel('MAC address').fill('00:0e:84:c0:60:a6')
  await page.getByLabel('Model').selectOption('7960')
  await page.getByLabel('Label').fill('desk 12')
  await page.getByLabel('Network').selectOption('bench')
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.getByRole('heading', { name: 'Phone 00:0E:84:C0:60:A6' }).waitFor()
}

async function startConversion(page: Page): Promise<void> {
  await page.getByLabel('Target load').selectOption(TO)
  await page.getByLabel('Present load').fill('P0S3-no-such-load')
  await page.getByRole('button', { name: 'Start conversion' }).click()
  await page.getByRole('alert').filter({ hasText: 'P0S3-no-such-load' }).waitFor()
  await page.getByLabel('Present load').fill(FROM)
  await page.getByRole('button', { name: 'Show the plan' }).click()
  await page.getByLabel('The plan, not started').getByText(TO, { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Start conversion' }).click()
  await page.getByRole('listitem').filter({ hasText: 'waiting: power-cycle' }).waitFor()
}

t.test('firmware is removed on the page, and what a profile names is kept', { skip }, async (t) => {
  const { appliance } = await aLoopbackBench(t, { loads: [FROM, TO] })
  await appliance.api.put('/v1/profiles/to-sip', { protocol: 'sip', load: TO })
  const { page, complaints } = await aPage(t, appliance.origin)
  await page.getByRole('link', { name: 'Firmware', exact: true }).click()
  const remove = async (load: string) => {
    await page.getByRole('button', { name: `Remove ${load}` }).click()
    await page.getByRole('button', { name: 'Remove it' }).click()
  }
  await remove(TO)
  await page.getByRole('alert').filter({ hasText: 'to-sip' }).waitFor()
  await remove(FROM)
  await page.getByRole('rowheader', { name: FROM }).waitFor({ state: 'detached' })
  t.same(await page.getByRole('alert').allTextContents(), [], 'the refusal is over')
  const left = await appliance.api.get<readonly { load: string }[]>('/v1/firmware')
  t.same(
    left.map(({ load }) => load),
    [TO],
  )
  t.equal(refusalsIn(complaints), 1)
  t.same(besidesRefusals(complaints), [])
})

t.test('a roll-out of two phones, on the page alone', { skip }, async (t) => {
  const { appliance, simulate } = await aLoopbackBench(t, { loads: [FROM, TO] })
  for (const [mac, label] of ROLLED) {
    await appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench', label })
  }
  const { page, complaints } = await aPage(t, appliance.origin)
  await fillRollout(page)
  await page.getByLabel('Present load').fill('P0S3-no-such-load')
  await page.getByRole('button', { name: 'Start the roll-out' }).click()
  const fault = page.getByRole('alert').getByRole('listitem')
  await fault.filter({ hasText: '(desk 2), 00:0E:84:C0:60:A6 (desk 1)' }).waitFor()
  await page.getByLabel('Present load').fill(FROM)
  await page.getByRole('button', { name: 'Start the roll-out' }).click()
  await page.getByRole('heading', { name: 'Roll-out floor-3' }).waitFor()
  await pauseAndResume(page)
  const canaries = page.getByRole('region', { name: 'Canaries (1)' })
  await canaries.getByText('waiting: power-cycle the phone').waitFor()
  t.match(await canaries.textContent(), 'desk 2', 'the canary is the one chosen first')
  await page
    .getByRole('region', { name: 'Pending (1)' })
    .getByRole('cell', { name: 'desk 1' })
    .waitFor()
  for (const [mac] of ROLLED.toReversed()) {
    const phone = ['--mac', mac, '--load', FROM, '--until', TO, '--timeout', '100']
    t.equal((await simulate(phone)).code, 0)
  }
  await page.getByText('2 of 2 confirmed').first().waitFor({ timeout: 120_000 })
  t.match(await page.getByRole('status').textContent(), 'Roll-out floor-3: finished')
  const bar = page.getByRole('progressbar', { name: 'floor-3: phones confirmed' })
  t.equal(await bar.getAttribute('aria-valuenow'), '100')
  await page.getByRole('region', { name: 'Confirmed (1)' }).getByText(`runs ${TO}`).waitFor()
  const { state } = await appliance.api.get<{ state: string }>('/v1/rollouts/floor-3')
  t.equal(state, 'finished', 'the API says the same')
  // The event of the deletion comes before its answer; here, long before.
  await page.route('**/v1/rollouts/floor-3', async (route) => {
    if (route.request().method() !== 'DELETE') return route.continue()
    const response = await route.fetch()
    await page.waitForTimeout(1500)
    await route.fulfill({ response })
  })
  await page.getByRole('button', { name: 'Delete this roll-out' }).click()
  await page.getByText('No roll-outs.').waitFor()
  t.equal(refusalsIn(complaints), 1, 'that of the bad load')
  t.same(besidesRefusals(complaints), [], 'no other error, no request to anybody else')
})

const ROLLED = [
  ['000E84C060A6', 'desk 1'],
  ['000E84C060A7', 'desk 2'],
] as const

async function fillRollout(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Roll-outs' }).click()
  await page.getByText('No roll-outs.').waitFor()
  await page.getByRole('link', { name: 'New roll-out' }).click()
  await page.getByLabel('Name').fill('floor-3')
  await page.getByLabel('Target load').selectOption(TO)
  await page.getByLabel('Filter').fill('desk 2')
  await page.getByRole('button', { name: 'Select the one that matches', exact: true }).click()
  await page.getByLabel('Filter').fill('')
  await page.getByLabel('00:0E:84:C0:60:A6').check()
  await page.getByText('2 of 2 phones selected').waitFor()
}

async function pauseAndResume(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('paused, canaries first', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('running, canaries first', { exact: true }).waitFor()
}

t.test('a roll-out stops for good once that is confirmed', { skip }, async (t) => {
  const { appliance } = await aLoopbackBench(t, { loads: [FROM, TO] })
  const [[mac]] = ROLLED
  await appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
  await appliance.api.put('/v1/rollouts/floor-3', { phones: [mac], from: FROM, to: TO })
  const { page, complaints } = await aPage(t, appliance.origin)
  await page.getByRole('link', { name: 'Roll-outs' }).click()
  await page.getByRole('link', { name: 'floor-3' }).click()
  const stop = page.getByRole('button', { name: 'Stop…' })
  const dialog = page.getByRole('dialog', { name: 'Stop this roll-out for good?' })
  await stop.press('Enter')
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  t.equal(await stop.evaluate((button) => button.matches(':focus')), true, 'the keyboard is back')
  await stop.click()
  await dialog.getByLabel('Cancel them').check()
  await dialog.getByRole('button', { name: 'Stop for good' }).click()
  await page.getByText('0 of 1 confirmed, 1 cancelled').first().waitFor()
  const { state } = await appliance.api.get<Conversion>(`/v1/phones/${mac}/conversion`)
  t.equal(state, 'cancelled')
  t.same(complaints, [])
})

t.test('the page asks for the token, and goes on with the right one', { skip }, async (t) => {
  const { app } = await anApi(t, { staticDir: BUILT_PAGE })
  const { page, complaints } = await aPage(t, await app.listen({ host: '127.0.0.1', port: 0 }))
  await page.getByLabel('Token').fill('a-wrong-one')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('alert').filter({ hasText: 'is wrong' }).waitFor()
  await page.getByLabel('Token').fill(TOKEN)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Phones' }).waitFor()
  await page.getByText('live', { exact: true }).waitFor()
  t.same(
    complaints.filter((one) => !one.includes('401')),
    [],
  )
})

t.test('without a stream the page asks every five seconds', { skip }, async (t) => {
  const { app } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const { page } = await aPage(t, base, { answers: { '/v1/events': 'no stream' } })
  await page.getByText('polling every 5 s', { exact: true }).waitFor()
  await app.inject({ method: 'PUT', url: '/v1/phones/02000000A060', payload: { label: 'late' } })
  await page.getByRole('cell', { name: 'late' }).waitFor()
})
