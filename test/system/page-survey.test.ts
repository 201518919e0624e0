// needs: chromium
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { anApi } from '../support/an-api.ts'
import { aNetwork } from '../support/configuration.ts'
import { aBinding } from '../support/in-memory/a-binding.ts'
import { ipv4, mac } from '../support/values.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage, refusalsIn } from './support/a-page.ts'

const PHONE = mac('000E84C060A6')
const TOLD = ipv4('10.20.0.60')
const SILENT = ipv4('10.20.0.61')
const PAGE =
  `<MACAddress>${PHONE}</MACAddress><appLoadID>P00308010200</appLoadID>` +
  '<modelNumber>CP-7940G</modelNumber><serialNumber>INM07120XYZ</serialNumber>'

const NETWORKS = [
  aNetwork({
    ...{ name: 'bench', interface: 'eth1', address: '10.30.0.2', subnet: '10.30.0.0/16' },
    pool: ['10.30.1.0-10.30.200.255'],
  }),
  aNetwork({ name: 'voice' }),
]

const skip = lackingForPage()

t.setTimeout(300_000)

/** The page, with two leases on network voice: of a phone that shows its page, and of a silent device. */
async function aSurveyPage(t: Test) {
  const { app, services, appliance } = await anApi(t, {
    staticDir: BUILT_PAGE,
    token: null,
    configuration: { networks: NETWORKS },
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  await app.inject({ method: 'PUT', url: `/v1/phones/${PHONE}`, payload: { label: 'desk 12' } })
  appliance.phone(PHONE, TOLD)
  appliance.outside.pages.set(TOLD, PAGE)
  const silent = { client: 'id:01', mac: null, vendorClass: '' }
  appliance.lease(
    aBinding({ scope: 'voice', address: TOLD }),
    aBinding({ scope: 'voice', address: SILENT, ...silent }),
  )
  const { page, complaints } = await aPage(t, base)
  const link = page.getByRole('link', { name: 'Survey' })
  await link.press('Enter')
  t.equal(await link.getAttribute('aria-current'), 'page')
  const start = page.getByRole('button', { name: 'Start the survey' })
  return { page, complaints, services, appliance, start }
}

t.test(
  'a survey is started by keyboard, followed to its end and saved as CSV',
  { skip },
  async (t) => {
    const { page, complaints, appliance, start } = await aSurveyPage(t)
    const asked = page.waitForRequest((one) => one.method() === 'POST')
    await page.getByLabel('Network').selectOption('voice')
    await start.press('Enter')
    t.same((await asked).postDataJSON(), { network: 'voice' })
    const status = page.locator('main [role=status]')
    await status.getByText('The survey is running.').waitFor()
    await page.getByText('1 of 2 addresses', { exact: true }).waitFor()
    const bar = page.getByRole('progressbar', { name: 'Addresses of the survey' })
    t.equal(await bar.getAttribute('aria-valuenow'), '50')
    // The next phone begins a second later.
    await appliance.clock.pass(2_000)
    await status.getByText('The survey is finished: 1 of 2').waitFor()
    t.same(await page.locator('tbody tr').first().locator('th, td').allTextContents(), [
      '00:0E:84:C0:60:A6',
      '10.20.0.60',
      '7940',
      'SCCP',
      'P00308010200',
      'INM07120XYZ',
      'its web page',
      'yes phone 00:0E:84:C0:60:A6',
    ])
    t.match(await page.getByRole('row', { name: '10.20.0.61' }).textContent(), /unknown.*no$/)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).press('Enter')
    const saved = await download
    t.match(saved.suggestedFilename(), /^survey-[\w-]+\.csv$/)
    t.match(readFileSync(await saved.path(), 'utf8'), /^mac,address,.*\r?\n000E84C060A6,10\.20/)
    await page.getByRole('link', { name: 'yes phone 00:0E:84:C0:60:A6' }).press('Enter')
    await page.getByRole('heading', { name: 'Phone 00:0E:84:C0:60:A6' }).waitFor()
    await page.goBack()
    await status.getByText('The survey is finished').waitFor()
    t.same(complaints, [])
  },
)

t.test('a survey that cannot start, or is gone: why, and what to do', { skip }, async (t) => {
  const { page, complaints, services, appliance, start } = await aSurveyPage(t)
  const alert = page.getByRole('alert')
  const first = ipv4('10.30.1.0')
  const many = Array.from({ length: 5_000 }, (_, number) =>
    aBinding({ address: (first + number) as typeof first, client: `id:${number}`, mac: null }),
  )
  appliance.lease(...many)
  await page.getByLabel('Network').selectOption('bench')
  await start.press('Enter')
  await alert.getByText('The survey was not started').waitFor()
  t.match(await alert.getByRole('listitem').allTextContents(), [
    ' 5000 addresses, at most 4096 in one survey',
  ])
  t.equal(services.surveys.start({ network: 'voice', addresses: null }).kind, 'started')
  await page.getByLabel('Network').selectOption('voice')
  await start.press('Enter')
  await alert.getByText('Another survey is running there').waitFor()
  await page.getByRole('link', { name: 'Show the survey that is running' }).press('Enter')
  await page.locator('main [role=status]').getByText('The survey is running.').waitFor()
  await page.evaluate(`location.hash = '#/surveys/gone'`)
  await alert.getByText('This survey is no longer there').waitFor()
  t.equal(refusalsIn(complaints), 3)
  t.same(besidesRefusals(complaints), [])
})
