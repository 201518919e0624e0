import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { CATCHABLE_SPEED, untilFetching } from './support/until-fetching.ts'

const PHONE = '000E84C060A6'
const [FROM, TO] = ['P00305000300', 'P0S3-06-3-00']
const EMPTY = new TextEncoder().encode('{}')

t.setTimeout(600_000)

t.test('networks are edited while a phone fetches: its lease and its transfer go on', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [FROM, TO], phoneSpeed: CATCHABLE_SPEED })
  const { appliance } = bench
  const { api, config } = appliance
  await api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench' })
  await api.put(`/v1/phones/${PHONE}/conversion`, { to: TO, from: FROM })
  const until = ['--speed', `${CATCHABLE_SPEED}`, '--until', TO, '--timeout', '100']
  const phone = bench.simulate(['--mac', PHONE, '--load', FROM, ...until])
  await untilFetching(api, PHONE)
  const [before] = await api.get<readonly { readonly address: string }[]>('/v1/leases')
  const written = readFileSync(config, 'utf8')
  const edited = written.replace(
    'pool: [127.84.0.50-127.84.0.99]',
    'pool: [127.84.0.60-127.84.0.70]',
  )
  writeFileSync(config, `${edited}    leaseTime: 9m\n`)
  const reloaded = await api.post('/v1/reload', EMPTY, 'application/json')
  t.same(reloaded, { applied: true, restartNeeded: [], warnings: [] })
  t.match(await api.get('/v1/networks/bench'), {
    leaseSeconds: 540,
    pool: ['127.84.0.60-127.84.0.70'],
  })
  const [after] = await api.get<readonly { readonly address: string }[]>('/v1/leases')
  t.equal(after?.address, before?.address, 'the lease stays')
  const { code, output } = await phone
  t.equal(code, 0, output)
  t.equal(output.match(/phone\.file\.asked name=P0S3-06-3-00\.sbn/g)?.length, 1, 'fetched once')
  writeFileSync(config, `${edited}    leaseTime: soon\n`)
  appliance.signal('SIGHUP')
  t.ok(await appliance.printed('"settings.reload.refused"'))
  t.ok(await appliance.printed('networks[0].leaseTime'))
  t.match(await api.get('/v1/networks/bench'), { leaseSeconds: 540 }, 'what was in force stays')
})
