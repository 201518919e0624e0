// needs: chromium
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import type { Survey, SurveyRow } from '../../src/services/services.ts'
import { anApi } from '../support/an-api.ts'
import { ipv4 } from '../support/memory-services.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage, refusalsIn } from './support/a-page.ts'

const PHONE = '000E84C060A6' as Mac
const TOLD: SurveyRow = {
  mac: PHONE,
  address: ipv4('10.20.0.60'),
  model: 'CP-7940',
  protocol: 'sccp',
  load: 'P00308010200',
  serial: 'INM07120XYZ',
  by: 'web-page',
  enrolled: true,
}
const SILENT: SurveyRow = {
  mac: null,
  address: ipv4('10.20.0.61'),
  model: null,
  protocol: null,
  load: null,
  serial: null,
  by: null,
  enrolled: false,
}
const NETWORKS = [{ name: 'bench' }, { name: 'voice' }]

const skip = lackingForPage()

t.setTimeout(300_000)

async function aSurveyPage(t: Test) {
  const { app, services } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
  services.timelines.set(PHONE, [])
  services.viewed.set(PHONE, [])
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  await app.inject({ method: 'PUT', url: `/v1/phones/${PHONE}`, payload: { label: 'desk 12' } })
  const { page, complaints } = await aPage(t, base, { answers: { '/v1/networks': NETWORKS } })
  const link = page.getByRole('link', { name: 'Survey' })
  await link.press('Enter')
  t.equal(await link.getAttribute('aria-current'), 'page')
  const start = page.getByRole('button', { name: 'Start the survey' })
  return { page, complaints, services, start }
}

t.test(
  'a survey is started by keyboard, followed to its end and saved as CSV',
  { skip },
  async (t) => {
    const { page, complaints, services, start } = await aSurveyPage(t)
    const asked = page.waitForRequest((one) => one.method() === 'POST')
    await page.getByLabel('Network').selectOption('voice')
    await start.press('Enter')
    t.same((await asked).postDataJSON(), { network: 'voice' })
    const status = page.locator('main [role=status]')
    await status.getByText('The survey is running.').waitFor()
    const keep = (part: Partial<Survey>) =>
      services.surveysKept.set('one', {
        id: 'one',
        state: 'running',
        total: 2,
        done: 0,
        phones: [TOLD, SILENT],
        ...part,
      })
    keep({ done: 1 })
    await page.getByText('1 of 2 addresses', { exact: true }).waitFor()
    const bar = page.getByRole('progressbar', { name: 'Addresses of the survey' })
    t.equal(await bar.getAttribute('aria-valuenow'), '50')
    keep({ state: 'done', done: 2 })
    await status.getByText('The survey is finished: 1 of 2').waitFor()
    t.same(await page.locator('tbody tr').first().locator('th, td').allTextContents(), [
      '00:0E:84:C0:60:A6',
      '10.20.0.60',
      'CP-7940',
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
    t.equal(saved.suggestedFilename(), 'survey-one.csv')
    t.match(readFileSync(await saved.path(), 'utf8'), /^mac,address,.*\r?\n000E84C060A6,10\.20/)
    await page.getByRole('link', { name: 'yes phone 00:0E:84:C0:60:A6' }).press('Enter')
    await page.getByRole('heading', { name: 'Phone 00:0E:84:C0:60:A6' }).waitFor()
    await page.goBack()
    await status.getByText('The survey is finished').waitFor()
    t.same(complaints, [])
  },
)

t.test('a survey that cannot start, or is gone: why, and what to do', { skip }, async (t) => {
  const { page, complaints, services, start } = await aSurveyPage(t)
  const alert = page.getByRole('alert')
  services.surveyOutcome = {
    kind: 'refused',
    problems: [{ path: '/network', message: '5000 addresses, at most 4096 in one survey' }],
  }
  await start.press('Enter')
  await alert.getByText('The survey was not started').waitFor()
  t.same(await alert.getByRole('listitem').allTextContents(), [
    ' 5000 addresses, at most 4096 in one survey',
  ])
  services.surveyOutcome = { kind: 'busy', network: 'voice', id: 'gone' }
  await start.press('Enter')
  await alert.getByText('Another survey is running there').waitFor()
  await page.getByRole('link', { name: 'Show the survey that is running' }).press('Enter')
  await alert.getByText('This survey is no longer there').waitFor()
  t.equal(refusalsIn(complaints), 3)
  t.same(besidesRefusals(complaints), [])
})
