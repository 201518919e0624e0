import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')

async function aBench(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  await api.services.inventory.putPhone({ mac: PHONE })
  return api
}

t.test('restart names the method that is tried first', async (t) => {
  const { run, services } = await aBench(t)
  const begun = await run('restart', PHONE)
  t.equal(begun.code, 0, begun.stderr)
  t.equal(begun.stdout, `${PHONE}: restart by sccp\n`)
  t.same(JSON.parse((await run('restart', PHONE, '--json')).stdout), { method: 'sccp' })
  await run('restart', PHONE, '--method', 'poe')
  t.same(
    services.restartOrders.map(({ named }) => named),
    [null, null, 'poe'],
  )
  t.equal((await run('restart', PHONE, '--method', 'hammer')).code, 64)
})

t.test('where no method can be used, it says why and ends with 1', async (t) => {
  const { run, services } = await aBench(t)
  const methods = [{ method: 'poe', reason: 'neither the phone nor its network has a switchPort' }]
  services.restartAnswer = { kind: 'no-method', methods: methods as never }
  const refused = await run('restart', PHONE)
  t.equal(refused.code, 1)
  t.match(refused.stderr, 'poe: neither the phone nor its network has a switchPort')
})

t.test('--wait tells each outcome until the end', async (t) => {
  for (const { outcome, code, words } of [
    { outcome: 'seen', code: 0, words: /restart ended: seen/ },
    { outcome: 'failed', code: 1, words: /restart ended: failed/ },
  ]) {
    const { run, services } = await aBench(t)
    const record = (event: string, fields: object) =>
      services.events.add({ event, mac: PHONE, network: null, fields: { ...fields } })
    record('phone.restart.ended', { outcome: 'failed', why: 'by-hand' })
    services.onRestart = () => {
      record('dhcp.ack.sent', { address: '10.20.0.50' })
      record('phone.restart.sent', { method: 'sccp', why: 'by-hand' })
      record('phone.restart.ended', { outcome, why: 'by-hand' })
    }
    const ended = await run('restart', PHONE, '--wait')
    t.equal(ended.code, code, ended.stderr)
    t.match(ended.stdout, /restart by sccp: the order has left\n.*/)
    t.match(ended.stdout, words)
    t.equal(ended.stdout.split('\n').length, 3, 'what was before is not told again')
  }
})
