import { join } from 'node:path'
import t, { type Test } from 'tap'
import { closeState, loadState } from '../../../appliance/start/application-state.ts'
import { phoneFromDraft } from '../../../src/inventory/phone-draft.ts'
import { aLog } from '../../support/a-log.ts'
import { NOW_MS } from '../../support/an-appliance-inside.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'
import { aConversion, MAC } from '../../support/conversion-builders.ts'

function aFolder(t: Test) {
  const settings = settingsOf(aConfiguration({}, { dataDir: join(t.testdir(), 'data') }))
  const { log, lines } = aLog('warn')
  const callbacks = {
    log,
    nowMs: () => NOW_MS,
  }
  return { load: () => loadState(settings, callbacks), lines }
}

t.test('phones, conversions and what happened are there again after a restart', async (t) => {
  const { load, lines } = aFolder(t)
  const before = await load()
  await before.inventory.putPhone({ mac: MAC, model: '7960' })
  const conversion = aConversion({ revision: 7 })
  before.conversions.run([{ kind: 'changed', conversion, durable: true }])
  const event = { atMs: NOW_MS, event: 'conversion.started', mac: MAC, network: null, fields: {} }
  before.journal.record(event)
  await closeState(before)
  const after = await load()
  t.match(after.inventory.phone(MAC), { model: '7960' })
  t.match(after.engine.conversion(MAC), { revision: 7 })
  t.same(after.journal.recent(), [{ id: 1, ...event }])
  t.equal(after.journal.newestId, 1)
  t.same(lines, [])
  await closeState(after)
})

t.test('the database is closed also where the last state could not be written', async (t) => {
  const { load, lines } = aFolder(t)
  const state = await load()
  const full = new Error('disk full')
  t.intercept(state.data.conversions, 'save', { value: () => Promise.reject(full) })
  state.conversions.run([{ kind: 'changed', conversion: aConversion(), durable: true }])
  await t.rejects(closeState(state), full)
  t.match(lines, [{ level: 'error', event: 'database.failed' }])
  t.match(await state.data.database.fault(), /it is closed/)
})

t.test(
  'text that an earlier version stored is told of once, and keeps nothing from starting',
  async (t) => {
    const { load, lines } = aFolder(t)
    const before = await load()
    const displayName = 'x\u0122\u010aimage_version: EVIL'
    const phone = phoneFromDraft({ mac: MAC, lines: [{ name: '1201', displayName }] }, undefined)
    await before.data.inventory.commit([{ kind: 'put-phone', phone }])
    await closeState(before)
    const after = await load()
    t.equal(after.inventory.phone(MAC)?.lines[0]?.displayName, displayName)
    t.match(lines, [
      {
        level: 'warn',
        event: 'inventory.text.unreadable',
        text: /^phone 000E84C060A6: \/lines\/0\/displayName: U\+0122 "Ģ" .*enter the text again$/,
      },
    ])
    t.equal(lines.length, 1)
    await closeState(after)
  },
)
