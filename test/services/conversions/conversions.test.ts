import t from 'tap'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { Conversions } from '../../../src/services/conversions/conversions.ts'
import { aConversion, MAC, SIP_6_3 } from '../../support/conversion-builders.ts'

const OTHER = '000E84C060A7' as Mac

function aBench(drives?: (mac: Mac) => boolean) {
  const saved: Conversion[] = []
  const clock = { nowMs: 0 }
  const timers: (() => void)[] = []
  const conversions = new Conversions({
    ...(drives === undefined ? {} : { drives }),
    available: { firmware: () => undefined, firmwareLoads: () => [] },
    veto: () => undefined,
    time: { speed: 1 },
    store: {
      load: async () => ({ conversions: [], faults: [] }),
      save: async (batch) => void saved.push(...batch),
    },
    seenStore: { load: async () => ({ seen: [], faults: [] }), save: async () => undefined },
    nowMs: () => clock.nowMs,
    onEvent: () => undefined,
    onFault: (error) => t.fail(String(error)),
    startTimer: (call) => {
      timers.push(call)
      return () => undefined
    },
  })
  const changed: Mac[] = []
  conversions.changed.subscribe((mac) => changed.push(mac))
  return { conversions, saved, changed, clock, timers }
}

t.test('followers are told of what is stored, not of each block of a file', async (t) => {
  const { conversions, saved, changed } = aBench()
  conversions.run([
    { kind: 'changed', conversion: aConversion({ revision: 1 }), durable: false },
    { kind: 'changed', conversion: aConversion({ revision: 2 }), durable: true },
  ])
  t.same(changed, [MAC])
  await conversions.saved()
  t.match(saved, [{ mac: MAC, revision: 2 }])
  await conversions.close()
})

t.test('a phone whose page would show its load is named to those who can ask it', async (t) => {
  const { conversions, changed } = aBench()
  const asked: Mac[] = []
  conversions.pageWanted.subscribe((mac) => asked.push(mac))
  conversions.run([{ kind: 'ask-page', mac: MAC }])
  t.same(asked, [MAC])
  t.same(changed, [], 'nothing has changed by that')
})

t.test('a conversion of another appliance is shown as it stands there', async (t) => {
  const { conversions, saved, changed } = aBench(() => false)
  const there = aConversion({ state: 'confirmed', step: 1, to: SIP_6_3.load })
  t.same(conversions.adopt([there]), [])
  t.match(conversions.engine.conversion(MAC), { state: 'confirmed' })
  t.same(changed, [MAC])
  await conversions.saved()
  t.same(saved, [], 'it is stored where it goes on')
})

t.test('a conversion goes on here for phones that are ours and that are driven here', async (t) => {
  const { conversions } = aBench((mac) => mac === MAC)
  t.equal(conversions.drives(MAC), true)
  t.equal(conversions.drives(OTHER), false)
  conversions.actOnlyFor(() => false)
  t.equal(conversions.drives(MAC), false, 'another appliance serves its network')
  t.equal(aBench().conversions.drives(OTHER), true, 'an appliance alone drives all')
})

t.test('the engine is woken when the time has come for which it has asked', async (t) => {
  const { conversions, clock, timers } = aBench()
  const woken = t.capture(conversions.engine, 'onWake')
  conversions.run([{ kind: 'wake', atMs: 5_000 }])
  clock.nowMs = 5_000
  timers.at(-1)?.()
  t.match(woken(), [{ args: [5_000] }])
})
