// needs: chromium
import t from 'tap'
import { aPage, lackingForPage } from './support/a-page.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const skip = lackingForPage()
const PHONE = '/v1/phones/000E84C060A6'

t.setTimeout(600_000)

t.test(
  'an appliance that goes away is said, and what happened meanwhile is shown',
  {
    skip,
  },
  async (t) => {
    const { appliance } = await aLoopbackBench(t, { loads: ['P0S3-06-3-00'] })
    await appliance.api.put(PHONE, { label: 'before' })
    const { page } = await aPage(t, appliance.origin)
    await page.getByText('live', { exact: true }).waitFor()
    await page.getByRole('cell', { name: 'before' }).waitFor()
    await appliance.kill()
    const banner = page.getByRole('alert').filter({ hasText: 'The appliance does not answer' })
    await banner.waitFor()
    t.ok(await page.getByRole('cell', { name: 'before' }).isVisible(), 'what is known stays')
    await appliance.start()
    await appliance.api.put(PHONE, { label: 'after' })
    await banner.waitFor({ state: 'detached' })
    await page.getByText('live', { exact: true }).waitFor()
    await page.getByRole('cell', { name: 'after' }).waitFor()
    t.equal(await page.getByRole('status').last().textContent(), 'Live again')
  },
)

t.test('what was being typed survives an appliance that goes away', { skip }, async (t) => {
  const { appliance } = await aLoopbackBench(t, { loads: [] })
  const { page } = await aPage(t, appliance.origin)
  await page.getByRole('navigation').getByRole('link', { name: 'Enrol a phone' }).click()
  await page.getByLabel('MAC address').fill('000E84C060A6')
  await page.getByLabel('Label').fill('desk 1')
  await appliance.kill()
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.locator('form').getByRole('alert').getByText('does not answer').waitFor()
  await appliance.start()
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.getByRole('heading', { name: 'Phone 00:0E:84:C0:60:A6' }).waitFor()
  t.match(await appliance.api.get(PHONE), { label: 'desk 1' })
})
