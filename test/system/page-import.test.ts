// needs: chromium
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import t from 'tap'
import { seenLoad } from '../../src/phones/seen-software.ts'
import { aListeningApi } from '../support/a-listening-api.ts'
import { anApi } from '../support/an-api.ts'
import type { InMemoryOptions } from '../support/in-memory/an-appliance.ts'
import { addFirmware } from '../support/in-memory/firmware.ts'
import { mac, NOW_MS } from '../support/values.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage } from './support/a-page.ts'

const skip = lackingForPage()

t.setTimeout(600_000)

const A = '000E84C060A6'
const B = '000E84C060A7'
const C = '000E84C060A8'

async function aFilledPage(t: Test, options: InMemoryOptions = {}) {
  const page = { staticDir: BUILT_PAGE, token: null }
  const { app, services, appliance } = await anApi(t, { ...page, ...options })
  const { inventory } = services
  const { tracking } = appliance
  await addFirmware(inventory, 'P0S3-8-12-00')
  await inventory.putPhone({
    mac: mac(A),
    label: 'desk 1',
    lines: [{ name: '1', password: 'hush' }],
  })
  await inventory.putPhone({ mac: mac(B), label: 'desk 2', network: 'bench' })
  tracking.onSeen(mac(A), seenLoad('P00308000900', 'web-page', NOW_MS))
  tracking.onSeen(mac(B), seenLoad('P00308000500', 'web-page', NOW_MS))
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const open = await aPage(t, base)
  await open.page.getByText('2 of 2 phones').waitFor()
  return { ...open, services, appliance }
}

t.test('an export, edited as by a spreadsheet, is previewed and imported', { skip }, async (t) => {
  const { page, complaints, services } = await aFilledPage(t)
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as CSV' }).click()
  const saved = await (await saving).path()
  const csv = await readFile(saved, 'utf8')
  t.match(csv, /^mac,model,/)
  t.notMatch(csv, 'hush')
  const dir = t.testdir({})
  const edited = join(dir, 'phones.csv')
  const rows = `${csv.replaceAll(',', ';').replace('desk 2', 'desk 22')}${C};;;none;desk 3\r\n`
  await writeFile(edited, `\ufeff${rows}`)
  await page.getByRole('link', { name: 'Import…' }).click()
  await page.getByRole('heading', { name: 'Import phones' }).waitFor()
  const file = page.locator('input[type="file"]')
  await file.setInputFiles(edited)
  await page.getByRole('row', { name: /^4 profile there is no profile none/ }).waitFor()
  t.equal(services.inventory.phones().length, 2, 'nothing was stored')
  await writeFile(edited, `\ufeff${rows.replace('none', '')}`)
  await file.setInputFiles(edited)
  await page.getByText('1 to enrol, 1 to change, 1 unchanged, 0 conversions to start.').waitFor()
  await page.getByRole('row', { name: /00:0E:84:C0:60:A7 changes: label/ }).waitFor()
  await page.getByRole('row', { name: /00:0E:84:C0:60:A8 new/ }).waitFor()
  await services.inventory.putPhone({ mac: mac(B), label: 'by another' })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('preview the list again').waitFor()
  t.equal(services.inventory.phone(mac(B))?.label, 'by another')
  await page.getByRole('button', { name: 'Preview again' }).click()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('1 enrolled, 1 changed, 1 unchanged, 0 conversions started.').waitFor()
  t.equal(services.inventory.phone(mac(B))?.label, 'desk 22')
  t.equal(services.inventory.phone(mac(A))?.lines[0]?.password, 'hush')
  await page.getByRole('link', { name: 'All phones' }).click()
  await page.getByText('3 of 3 phones').waitFor()
  t.same(besidesRefusals(complaints), [])
})

t.test(
  'several phones are converted, restarted and deleted, each with its result',
  { skip },
  async (t) => {
    const configuration = { restart: { command: ['/bin/true'] } }
    const { page, complaints, services, appliance } = await aFilledPage(t, { configuration })
    await page.getByLabel('Select 00:0E:84:C0:60:A6').check()
    await page.getByText('1 phone selected').waitFor()
    await page.getByRole('button', { name: 'Select all 2 that match' }).click()
    await page.getByText('2 phones selected').waitFor()
    t.equal(await page.getByLabel('Select this page').isChecked(), true)
    await page.getByRole('button', { name: 'Restart…' }).click()
    await page.getByRole('button', { name: 'Restart 2 phones' }).click()
    await page.getByText('2 of 2 done').waitFor()
    t.same(appliance.outside.restarts.map((one) => one.mac).sort(), [A, B])
    await page.getByRole('button', { name: 'Convert…' }).click()
    await page.getByLabel('Target load').selectOption('P0S3-8-12-00')
    await page.getByRole('button', { name: 'Convert 2 phones' }).click()
    await page.getByText('Convert 2 phones to P0S3-8-12-00:').waitFor()
    await page.getByText('2 of 2 done').waitFor()
    t.equal(services.conversions.list().length, 2)
    await services.inventory.deletePhone(mac(B))
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('heading', { name: 'Delete 2 phones?' }).waitFor()
    await page.getByRole('button', { name: 'Keep them' }).click()
    t.equal(services.inventory.phones().length, 1)
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('button', { name: 'Delete 2 phones' }).click()
    await page.getByText('1 of 2 done, 1 not').waitFor()
    await page.getByRole('row', { name: /C0:60:A7 phone 000E84C060A7 does not exist/ }).waitFor()
    await page.getByRole('row', { name: /C0:60:A6 deleted/ }).waitFor()
    t.same(services.inventory.phones(), [])
    await page.getByRole('button', { name: 'Dismiss' }).click()
    t.same(besidesRefusals(complaints), [])
  },
)

t.test('the list is filtered by network, load and registration', { skip }, async (t) => {
  const { page, services, appliance } = await aFilledPage(t)
  await page.getByText('More filters').click()
  await page.getByLabel('Registered here').selectOption('yes')
  await page.getByText('0 of 2 phones').waitFor()
  await page.getByLabel('Registered here').selectOption('any')
  await page.getByText('2 of 2 phones').waitFor()
  await page.getByLabel('Filter', { exact: true }).fill('P00308000500')
  await page.getByText('1 of 2 phones').waitFor()
  await page.getByRole('link', { name: '00:0E:84:C0:60:A7' }).click()
  await page.getByRole('heading', { name: 'Phone 00:0E:84:C0:60:A7' }).waitFor()
  await page.goBack()
  await page.getByText('1 of 2 phones').waitFor()
  t.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), 'P00308000500')
  await services.inventory.putPhone({ mac: mac(C), label: 'P00308000500' })
  appliance.record({ event: 'audit.change' })
  await page.getByText('2 of 3 phones').waitFor()
})

t.test('a shell imports what a shell has exported', async (t) => {
  const { run, services } = await aListeningApi(t)
  await services.inventory.putPhone({ mac: mac(A), label: '=1+1', lines: [{ name: '1' }] })
  const exported = await run('phones', 'export')
  const file = join(t.testdir({ 'phones.csv': exported.stdout }), 'phones.csv')
  t.match((await run('phones', 'import', file)).stdout, '0 created, 0 changed, 1 unchanged')
})
