import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aNetwork, mac } from '../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')

t.test('networks, phones under way and roll-outs are shown', async (t) => {
  const { run, services } = await aListeningApi(t)
  services.reports.push(aNetwork())
  t.match((await run('status')).stdout, 'No phone is under way.')
  await services.inventory.putPhone({ mac: PHONE })
  const wish = { to: 'P0S3-8-12-00', from: null, path: 'cautious', acceptOneWay: false } as const
  await services.conversions.start(PHONE, wish)
  const { code, stdout } = await run('status')
  t.equal(code, 0)
  t.match(stdout, /\nbench +10\.20\.0\.0\/24 +4 of 50 +none +yes\n/)
  t.match(stdout, /\n000E84C060A6 +P0S3-8-12-00 +waiting +1 of 1 +fetching\n/)
  t.match(JSON.parse((await run('status', '--json')).stdout), {
    networks: [{ name: 'bench' }],
    conversions: [{ mac: PHONE }],
    rollouts: [],
  })
})
