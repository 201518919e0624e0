import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')

t.test('events are printed in words, or as JSON, of one phone or of all', async (t) => {
  const { run, services } = await aListeningApi(t)
  services.events.add({
    event: 'conversion.confirmed',
    mac: PHONE,
    fields: { to: 'X', seconds: 9 },
  })
  services.events.add({ event: 'dhcp.rogue.gone', network: 'bench' })
  const log = await run('log')
  t.equal(log.code, 0)
  const lines = log.stdout.split('\n')
  t.equal(lines[0], `2026-03-01T09:30:00.000Z  ${PHONE}  X has booted, 9 s after the start`)
  t.match(lines[1], '  bench  dhcp.rogue.gone')
  const json = (await run('log', '--json', '--mac', PHONE)).stdout.trim().split('\n')
  t.equal(json.length, 1)
  t.match(JSON.parse(json[0] ?? ''), { event: 'conversion.confirmed', mac: PHONE })
  t.equal((await run('log', '--limit', '1', '--network', 'bench')).stdout.split('\n').length, 2)
  t.equal((await run('log', '--limit', '0')).code, 64)
})

t.test('--follow goes on until the appliance is gone', async (t) => {
  const { run, services, app } = await aListeningApi(t)
  services.events.add({ event: 'one' })
  const following = run('log', '--follow')
  await new Promise((resolve) => app.server.once('request', resolve))
  services.events.add({ event: 'two' })
  await new Promise((resolve) => app.server.once('request', resolve))
  setImmediate(() => app.close())
  const ended = await following
  t.match(ended.stdout, /one\n.*two\n/)
  t.equal(ended.code, 69)
})
