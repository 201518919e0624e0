import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')
const TO = 'P0S3-8-12-00'

async function aBench(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  await api.services.inventory.putPhone({ mac: PHONE })
  const { conversions } = api.services
  /** Moves the phone as soon as somebody waits for it. */
  const moveWhenWatched = async (change: Parameters<typeof conversions.move>[1]) => {
    while (conversions.waiting(PHONE) === 0) await pause(5)
    conversions.move(PHONE, change)
  }
  return { ...api, conversions, moveWhenWatched }
}

t.test('a conversion is begun, and cancelled', async (t) => {
  const { run, conversions } = await aBench(t)
  const begun = await run('convert', PHONE, '--to', TO, '--from', 'P00308000500')
  t.equal(begun.code, 0)
  t.equal(begun.stdout, `${PHONE} to ${TO}: waiting, step 1 of 1; power-cycle the phone\n`)
  t.match(conversions.get(PHONE), { from: 'P00308000500', path: 'cautious', acceptOneWay: false })
  t.match((await run('convert', PHONE)).stdout, 'waiting', 'without --to it shows what there is')
  t.match((await run('convert', PHONE, '--cancel')).stdout, 'cancelled')
  t.equal((await run('convert', '020000000001', '--to', TO)).code, 1, 'not enrolled')
})

t.test('--wait ends with 0 when the phone is confirmed', async (t) => {
  const { run, moveWhenWatched } = await aBench(t)
  const [ended] = await Promise.all([
    run('convert', PHONE, '--to', TO, '--wait'),
    moveWhenWatched({ state: 'confirmed', step: 1 }),
  ])
  t.equal(ended.code, 0, ended.stderr)
  t.match(
    ended.stdout,
    /fetching P0S3-8-12-00\.sb2\n.+confirmed: the phone has booted P0S3-8-12-00\n$/,
  )
})

t.test('--wait ends with 1 when it stalls, with the diagnosis and what to do', async (t) => {
  const { run, moveWhenWatched } = await aBench(t)
  const diagnosis = { code: 'no-reboot', seen: 'Silence.', cause: '', remedy: 'Wait.', source: '' }
  const [ended] = await Promise.all([
    run('convert', PHONE, '--to', TO, '--wait'),
    moveWhenWatched({ state: 'stalled', diagnosis }),
  ])
  t.equal(ended.code, 1)
  t.match(ended.stdout, 'stalled (no-reboot): Silence. Wait.')
  const json = await run('convert', PHONE, '--wait', '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), { state: 'stalled', diagnosis: { code: 'no-reboot' } })
})
