// needs: chromium
import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { seenLoad } from '../../src/phones/seen-software.ts'
import { anApi } from '../support/an-api.ts'
import { addFirmware } from '../support/in-memory/firmware.ts'
import { NOW_MS } from '../support/values.ts'
import { aPage, BUILT_PAGE, besidesRefusals, lackingForPage, refusalsIn } from './support/a-page.ts'

const PHONE = '000E84C060A6' as Mac

const skip = lackingForPage()

t.setTimeout(300_000)

t.test(
  'a present load that was seen otherwise is explained, and accepted by keyboard',
  { skip },
  async (t) => {
    const { app, services, appliance } = await anApi(t, { staticDir: BUILT_PAGE, token: null })
    await addFirmware(services.inventory, 'P0S3-8-12-00')
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    await app.inject({ method: 'PUT', url: `/v1/phones/${PHONE}`, payload: { label: 'desk 12' } })
    appliance.tracking.onSeen(PHONE, seenLoad('P00308000500', 'web-page', NOW_MS))
    const { page, complaints } = await aPage(t, base)
    await page.getByRole('link', { name: '00:0E:84:C0:60:A6' }).click()
    const form = page.getByRole('region', { name: 'Convert' })
    await form.getByLabel('Target load').selectOption('P0S3-8-12-00')
    await form.getByLabel('Present load').fill('P00307020200')
    await form.getByLabel('Restarts').selectOption('by hand')
    await form.getByRole('button', { name: 'Start conversion' }).press('Enter')
    const note = form.getByRole('alert')
    await note.getByText('You entered P00307020200 as the present load').waitFor()
    t.equal(services.conversions.get(PHONE), undefined, 'nothing was started')
    await note.getByRole('button', { name: 'Start from P00307020200 all the same' }).press('Enter')
    await page.getByRole('heading', { name: 'Conversion to P0S3-8-12-00' }).waitFor()
    t.match(services.conversions.get(PHONE), { from: 'P00307020200', restart: 'manual' })
    t.equal(refusalsIn(complaints), 1)
    t.same(besidesRefusals(complaints), [])
  },
)
