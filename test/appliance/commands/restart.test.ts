import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { SwitchPort } from '../../../src/net/switch-port.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { ipv4, mac } from '../../support/values.ts'

const PHONE = mac('000E84C060A6')
const ADDRESS = ipv4('10.20.0.60')

/** A phone that can be restarted by the power of its switch port, and by a command. */
async function aBench(t: Parameters<typeof aListeningApi>[0]) {
  const configuration = { restart: { command: ['/bin/true'] } }
  const api = await aListeningApi(t, { configuration })
  const { inventory } = api.services
  await inventory.putPhone({ mac: PHONE, address: ADDRESS, switchPort: 'sw1/7' as SwitchPort })
  return { ...api, phone: api.appliance.phone(PHONE, ADDRESS) }
}

t.test('restart names the method that is tried first', async (t) => {
  const { run, appliance } = await aBench(t)
  const begun = await run('restart', PHONE, '--method', 'command')
  t.equal(begun.code, 0, begun.stderr)
  t.equal(begun.stdout, `${PHONE}: restart by command\n`)
  await appliance.clock.pass(600_000)
  t.same(JSON.parse((await run('restart', PHONE, '--json')).stdout), { method: 'poe' })
  await appliance.clock.pass(0)
  t.same(
    appliance.outside.restarts.map(({ method }) => method),
    ['command', 'poe'],
  )
  t.equal((await run('restart', PHONE, '--method', 'hammer')).code, 64)
})

t.test('where no method can be used, it says why and ends with 1', async (t) => {
  const { run, services } = await aListeningApi(t)
  await services.inventory.putPhone({ mac: PHONE })
  const refused = await run('restart', PHONE)
  t.equal(refused.code, 1)
  t.match(refused.stderr, 'poe: neither the phone nor its network has a switchPort')
})

t.test('--wait tells each outcome until the end', async (t) => {
  for (const { comesBack, code, words } of [
    { comesBack: true, code: 0, words: /restart ended: seen/ },
    { comesBack: false, code: 1, words: /restart ended: failed/ },
  ]) {
    const { run, appliance, phone } = await aBench(t)
    await run('restart', PHONE, '--method', 'command')
    await appliance.clock.pass(600_000)
    const waiting = run('restart', PHONE, '--method', 'command', '--wait')
    while (appliance.outside.restarts.length < 2) await pause(5)
    if (comesBack) {
      await appliance.clock.pass(10_000)
      await phone.boots()
    } else await appliance.clock.pass(600_000)
    const ended = await waiting
    t.equal(ended.code, code, ended.stderr)
    t.match(ended.stdout, /restart by command: the order has left\n/)
    t.match(ended.stdout, words)
    t.equal(
      ended.stdout.match(/the order has left/g)?.length,
      1,
      'what was before is not told again',
    )
  }
})
