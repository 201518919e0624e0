import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac, NOW_MS } from '../../support/values.ts'

const PHONE = mac('000E84C060A6')

t.test('events are listed by name, level, phone, network and time', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  const add = appliance.record
  add({ event: 'conversion.stalled', mac: PHONE, atMs: NOW_MS })
  add({ event: 'conversion.cancelled', atMs: NOW_MS + 60_000 })
  add({ event: 'dhcp.rogue.gone', network: 'bench', atMs: NOW_MS + 120_000 })
  const names = async (...args: readonly string[]) => {
    const { stdout, stderr } = await run('events', 'list', '--json', ...args)
    t.equal(stderr, '')
    return stdout.match(/"event":"[^"]+"/g) ?? []
  }
  t.equal((await names()).length, 3)
  t.same(await names('--event', 'conversion.'), [
    '"event":"conversion.stalled"',
    '"event":"conversion.cancelled"',
  ])
  t.same(await names('--level', 'warn'), ['"event":"conversion.stalled"'])
  t.same(await names('--mac', PHONE), ['"event":"conversion.stalled"'])
  t.same(await names('--network', 'bench'), ['"event":"dhcp.rogue.gone"'])
  t.same(await names('--since', '2026-03-01T09:31:30Z'), ['"event":"dhcp.rogue.gone"'])
  t.equal((await names('--until', '2026-03-01T09:31:00Z')).length, 1)
  t.equal((await names('--limit', '2')).length, 2)
  t.match((await run('events', 'list')).stdout, /^2026-03-01T09:30:00\.000Z {2}000E84C060A6 {2}/)
  t.match((await run('log', '--event', 'dhcp.')).stdout, /^2026-03-01T09:32:00\.000Z {2}bench {2}/)
})

t.test('a time is also how long ago', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  const now = Date.now()
  for (const ago of [30, 3_000, 300_000]) {
    appliance.record({ event: 'dhcp.rogue.gone', atMs: now - ago * 1_000 })
  }
  const count = async (since: string) =>
    (await run('events', 'list', '--since', since)).stdout.split('\n').length - 1
  t.equal(await count('90s'), 1)
  t.equal(await count('5m'), 1)
  t.equal(await count('2h'), 2)
  t.equal(await count('7d'), 3)
  for (const text of ['yesterday', '5y']) {
    t.equal((await run('events', 'list', '--since', text)).code, 64, text)
  }
  t.equal((await run('events', 'list', '--level', 'loud')).code, 64)
})
