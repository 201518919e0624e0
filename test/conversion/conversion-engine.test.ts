import t from 'tap'
import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import type { ConversionEffect } from '../../src/conversion/events.ts'
import type { LoadVeto } from '../../src/conversion/plan-request.ts'
import type { SeenPhone } from '../../src/conversion/seen-table.ts'
import type { StoredFirmware } from '../../src/inventory/firmware.ts'
import type { Mac } from '../../src/net/mac.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { type SeenSoftware, seen, seenLoad, seenVersion } from '../../src/phones/seen-software.ts'
import { aConversion, aPhone, aStep, MAC } from '../support/conversion-builders.ts'

const OTHER = '000E84C060A7' as Mac

function aFirmware(load: string, loader: string | null = null): StoredFirmware {
  return { load, loader, protocol: 'sip', files: [], addedAtMs: 0 }
}

const AVAILABLE = [
  aFirmware('P0S3-06-3-00'),
  aFirmware('P0S3-07-5-00', 'P003-07-5-00'),
  aFirmware('P0S3-8-12-00', 'P003-8-12-00'),
  aFirmware('P00305000300'),
]

function anEngine(available: readonly StoredFirmware[] = AVAILABLE, veto?: LoadVeto) {
  const effects: ConversionEffect[] = []
  const engine = new ConversionEngine(
    {
      firmware: (load) => available.find((set) => set.load === load),
      firmwareLoads: () => available.map(({ load }) => load),
    },
    (more) => effects.push(...more),
    veto,
  )
  return { engine, effects }
}

const TO_SIP_6_3 = { to: 'P0S3-06-3-00', from: 'P00305000300', acceptOneWay: true }
const ask = (engine: ConversionEngine, mac: Mac, name: string, nowMs: number) =>
  engine.onRequest(mac, readRequestedFile(name), nowMs)

t.test('begins what can be planned, and says so', async (t) => {
  const { engine, effects } = anEngine()
  const outcome = engine.start(aPhone(), TO_SIP_6_3, 1_000)
  t.equal(outcome.kind, 'started')
  t.same(
    effects.map((effect) => (effect.kind === 'event' ? effect.event.event : effect.kind)),
    ['changed', 'conversion.started'],
  )
  t.match(engine.conversion(MAC), {
    state: 'waiting',
    from: 'P00305000300',
    steps: [{ load: 'P0S3-06-3-00', method: 'os79xx', stage: 'waiting' }],
  })
  t.equal(engine.targetFor(MAC)?.load, 'P0S3-06-3-00')
  t.equal(engine.conversions().length, 1)
})

t.test('the same request again changes nothing, another one is a conflict', async (t) => {
  const { engine, effects } = anEngine()
  engine.start(aPhone(), TO_SIP_6_3, 1_000)
  const before = effects.length
  t.equal(engine.start(aPhone(), TO_SIP_6_3, 2_000).kind, 'already')
  t.equal(engine.start(aPhone(), { to: 'P0S3-06-3-00' }, 2_000).kind, 'already')
  t.equal(engine.start(aPhone(), { to: 'P0S3-8-12-00' }, 2_000).kind, 'conflict')
  t.equal(engine.start(aPhone(), { ...TO_SIP_6_3, path: 'cautious' }, 2_000).kind, 'already')
  t.equal(engine.start(aPhone(), { ...TO_SIP_6_3, path: 'direct' }, 2_000).kind, 'conflict')
  t.equal(effects.length, before)
})

t.test('a refusal names what is missing or forbidden, and begins nothing', async (t) => {
  const missing = anEngine([aFirmware('P00305000300')]).engine.start(aPhone(), TO_SIP_6_3, 0)
  t.match(missing, {
    kind: 'refused',
    code: 'firmware-missing',
    missingFirmware: [{ load: 'P0S3-06-3-00' }],
  })
  const oneWay = anEngine([...AVAILABLE, aFirmware('P00303030300')]).engine.start(
    aPhone(),
    { to: 'P00305000300', from: 'P00303030300' },
    0,
  )
  t.match(oneWay, { kind: 'refused', code: 'one-way', remedy: /acceptOneWay/ })
  const { engine, effects } = anEngine()
  t.match(engine.start(aPhone(), { to: 'POS3-06-3-00' }, 0), { kind: 'refused' })
  t.same(effects, [])
  t.equal(engine.conversion(MAC), undefined)
})

t.test('a phone that is said to run the target is looked at on its next boot', async (t) => {
  for (const [load, method] of [
    ['P0S3-8-12-00', 'ual'],
    ['P0S3-06-3-00', 'image_version'],
  ] as const) {
    const { engine } = anEngine()
    engine.start(aPhone(), { to: load, from: load }, 0)
    t.match(engine.conversion(MAC), { state: 'waiting', steps: [{ load, method }] })
  }
})

t.test('moves the phone under way, and only reads the others', async (t) => {
  const { engine, effects } = anEngine()
  engine.start(aPhone(), TO_SIP_6_3, 0)
  engine.onBoot(MAC, 'pre-ual', 1_000)
  ask(engine, MAC, 'OS79XX.TXT', 2_000)
  const moved = effects.length
  engine.onBoot(OTHER, 'ual', 1_000)
  ask(engine, OTHER, `CTLSEP${OTHER}.tlv`, 2_000)
  engine.onAbsent(OTHER, `CTLSEP${OTHER}.tlv`, 2_000)
  const event = { file: 'P0S3-06-3-00.sbn', bytes: 1, of: 2, outcome: 'progress' } as const
  engine.onTransfer(OTHER, event, 2_000)
  const others = effects.slice(moved).filter(({ kind }) => kind !== 'seen')
  t.same(others, [], 'what it is seen to run is kept, and nothing else')
  t.equal(engine.boot(OTHER)?.generation, 'ual')
  t.same(engine.boot(OTHER)?.absent, [`CTLSEP${OTHER}.tlv`])
  t.equal(engine.boot(MAC)?.generation, 'pre-ual')
  engine.onTransfer(MAC, event, 3_000)
  engine.onAbsent(MAC, 'RINGLIST.XML', 3_000)
  t.equal(engine.conversion(MAC)?.steps[0]?.stage, 'fetching')
  engine.onAddress(MAC, { kind: 'granted' }, 3_000)
  engine.onAddress(OTHER, { kind: 'granted' }, 3_000)
  t.equal(engine.boot(MAC)?.address.granted, true)
  engine.onAbsent('000E84C060A8' as Mac, 'x', 0)
  t.equal(engine.boot('000E84C060A8' as Mac), null, 'nothing is known of an unknown device')
})

t.test('what runs now is what the last conversion has proved', async (t) => {
  const { engine } = anEngine()
  t.equal(engine.currentLoad(MAC), null)
  engine.start(aPhone(), TO_SIP_6_3, 0)
  t.equal(engine.currentLoad(MAC), 'P00305000300')
  for (const name of ['OS79XX.TXT', 'SIPDefault.cnf', 'RINGLIST.DAT']) ask(engine, MAC, name, 1_000)
  engine.onWake(21_000)
  t.equal(engine.currentLoad(MAC), 'P0S3-06-3-00')
  t.equal(engine.rollback(MAC)?.to, 'P00305000300')
  t.equal(engine.rollback(OTHER), null)
  t.equal(engine.start(aPhone(), { ...TO_SIP_6_3, path: 'direct' }, 21_500).kind, 'already')
  const next = engine.start(aPhone(), { to: 'P0S3-07-5-00' }, 22_000)
  t.match(next, { kind: 'started', conversion: { from: 'P0S3-06-3-00' } })
})

t.test('cancelled: the request may be repeated; twice is one too many', async (t) => {
  const { engine } = anEngine()
  t.equal(engine.cancel(MAC, 0), undefined)
  engine.start(aPhone(), TO_SIP_6_3, 0)
  t.equal(engine.cancel(MAC, 1_000)?.state, 'cancelled')
  t.equal(engine.cancel(MAC, 2_000), undefined)
  t.equal(engine.targetFor(MAC), undefined)
  t.equal(engine.start(aPhone(), TO_SIP_6_3, 3_000).kind, 'started')
})

t.test('a restart goes on from what was stored, and names what it cannot understand', async (t) => {
  const { engine, effects } = anEngine()
  const stored = aConversion({ state: 'running', steps: [aStep({ stage: 'flashing' })] })
  const broken = aConversion({ mac: OTHER, steps: [aStep({ load: 'nonsense' })] })
  const beyond = aConversion({ mac: '000E84C060A8' as Mac, state: 'running', step: 1 })
  const done = aConversion({ mac: '000E84C060A9' as Mac, state: 'confirmed', step: 1 })
  const faults = engine.restore([stored, broken, beyond, done])
  t.same(faults, [
    `conversion of ${OTHER}: nonsense is no load of a 7940 or 7960`,
    'conversion of 000E84C060A8: running at step 1 of 1',
  ])
  t.equal(engine.conversion('000E84C060A9' as Mac)?.state, 'confirmed')
  t.equal(engine.conversion(OTHER), undefined)
  engine.onWake(0)
  t.ok(
    effects.some((effect) => effect.kind === 'wake'),
    'a flashing phone is waited for',
  )
})

t.test('one timer serves all: the earliest wake that is still to come', async (t) => {
  const { engine, effects } = anEngine()
  engine.start(aPhone(), TO_SIP_6_3, 0)
  engine.start(aPhone({ mac: OTHER }), TO_SIP_6_3, 0)
  engine.onBoot(MAC, 'pre-ual', 0)
  engine.onBoot(OTHER, 'pre-ual', 30_000)
  effects.length = 0
  engine.onWake(61_000)
  t.equal(engine.conversion(MAC)?.diagnosis?.code, 'dhcp-without-tftp')
  t.equal(engine.conversion(OTHER)?.state, 'running')
  t.same(effects.at(-1), { kind: 'wake', atMs: 91_000 })
  engine.onWake(91_000)
  t.equal(engine.conversion(OTHER)?.state, 'stalled')
  engine.cancel(MAC, 92_000)
  const before = engine.conversion(MAC)?.revision
  engine.onWake(200_000)
  t.equal(engine.conversion(MAC)?.revision, before, 'what is over is left alone')
})

t.test('what the phone has shown narrows a plan that starts from the unknown', async (t) => {
  const { engine } = anEngine()
  engine.onBoot(MAC, 'ual', 0)
  const outcome = engine.start(aPhone(), { to: 'P0S3-8-12-00' }, 1_000)
  t.match(outcome, { kind: 'started', conversion: { from: null, to: 'P0S3-8-12-00' } })
})

t.test('a phone that was removed leaves nothing behind', async (t) => {
  const { engine } = anEngine()
  engine.start(aPhone(), TO_SIP_6_3, 0)
  engine.onBoot(OTHER, null, 0)
  engine.forget(MAC)
  engine.forget(OTHER)
  t.equal(engine.conversion(MAC), undefined)
  t.equal(engine.boot(OTHER), null)
})

t.test('a load is needed until the last conversion to it is past its step', async (t) => {
  const { engine } = anEngine()
  const steps = [
    aStep({ load: 'P0S3-06-3-00', stage: 'confirmed' }),
    aStep({ load: 'P0S3-07-5-00' }),
    aStep({ load: 'P0S3-8-12-00' }),
  ]
  const under = { state: 'running', step: 1, steps, to: 'P0S3-8-12-00' } as const
  engine.restore([
    aConversion({ mac: MAC, ...under }),
    aConversion({ mac: OTHER, ...under, state: 'stalled', step: 2 }),
  ])
  t.same(engine.phonesNeeding('P0S3-06-3-00'), [], 'all are past it')
  t.same(engine.phonesNeeding('P0S3-07-5-00'), [MAC])
  t.same(engine.phonesNeeding('P0S3-8-12-00'), [MAC, OTHER], 'one that stalled may go on')
  t.same(engine.phonesNeeding('P00305000300'), [])
  engine.cancel(MAC, 9_000)
  t.same(engine.phonesNeeding('P0S3-8-12-00'), [OTHER], 'cancelled: nothing more comes')
})

t.test('a plan over a load that the phone must not have does not begin', async (t) => {
  const { engine, effects } = anEngine(AVAILABLE, ({ mac }, load) =>
    mac === MAC && load === 'P0S3-07-5-00' ? `the firmware of ${load} is synthetic` : undefined,
  )
  const request = { to: 'P0S3-8-12-00', from: 'P0S3-06-3-00', acceptOneWay: true }
  const refused = engine.start(aPhone(), request, 0)
  t.match(refused, {
    kind: 'refused',
    code: 'synthetic-firmware',
    reason: 'the firmware of P0S3-07-5-00 is synthetic',
    remedy: /Cisco ships.*--rehearsal/,
  })
  t.same(effects, [])
  t.equal(engine.start(aPhone({ mac: OTHER }), request, 0).kind, 'started')
})

t.test('a registration counts for the conversion in progress alone', async (t) => {
  const { engine } = anEngine()
  const seen = { protocol: 'sccp', version: '8.0(5.0)', atMs: 3_000 } as const
  engine.onRegistration(MAC, seen)
  t.equal(engine.conversion(MAC), undefined)
  engine.start(aPhone(), { to: 'P0S3-8-12-00', from: 'P00308000500' }, 0)
  engine.onRegistration(MAC, seen)
  t.equal(engine.conversion(MAC)?.state, 'waiting', 'the load before proves nothing')
})

t.test('who restarts the phone can be changed while it is under way', async (t) => {
  const { engine, effects } = anEngine()
  engine.start(aPhone(), TO_SIP_6_3, 1_000)
  t.equal(engine.conversion(MAC)?.restart, null, 'by default wherever the appliance can')
  t.match(engine.start(aPhone(), { ...TO_SIP_6_3, restart: 'manual' }, 2_000), {
    kind: 'already',
    conversion: { restart: 'manual', revision: 2 },
  })
  t.match(effects.at(-1), { kind: 'changed', durable: true })
  const before = effects.length
  engine.start(aPhone(), { ...TO_SIP_6_3, restart: 'manual' }, 3_000)
  engine.start(aPhone(), TO_SIP_6_3, 3_000)
  t.equal(effects.length, before, 'the same again changes nothing')
  engine.cancel(MAC, 4_000)
  engine.start(aPhone(), { ...TO_SIP_6_3, restart: 'auto' }, 5_000)
  t.equal(engine.conversion(MAC)?.restart, 'auto')
})

t.test('a phone that looks at syncinfo.xml has not started', async (t) => {
  const { engine } = anEngine()
  engine.start(aPhone(), TO_SIP_6_3, 1_000)
  ask(engine, MAC, 'syncinfo.xml', 2_000)
  ask(engine, MAC, 'dialplan.xml', 2_100)
  t.match(engine.conversion(MAC), { state: 'waiting', steps: [{ stage: 'waiting' }] })
  t.equal(engine.boot(MAC), null)
  ask(engine, MAC, 'OS79XX.TXT', 3_000)
  t.match(engine.conversion(MAC), { steps: [{ stage: 'booting' }] })
})

/** An engine whose phone was seen to run something. */
function anEngineThatSaw(found: SeenSoftware) {
  const made = anEngine()
  made.engine.onSeen(MAC, found)
  return made
}

t.test('a load that was seen is preferred to an unknown one', async (t) => {
  const { engine } = anEngineThatSaw(seenLoad('P0S3-07-5-00', 'web-page', 1))
  const started = engine.start(aPhone(), { to: 'P0S3-8-12-00' }, 2)
  t.match(started, { kind: 'started', conversion: { from: 'P0S3-07-5-00' } })
})

t.test('a load known only by its generation is planned as one of many', async (t) => {
  const { engine } = anEngineThatSaw(seenVersion('sip', '7', 'options', 1))
  const started = engine.start(aPhone(), { to: 'P0S3-8-12-00' }, 2)
  t.match(started, {
    kind: 'started',
    conversion: { from: null, steps: [{ load: 'P0S3-8-12-00', method: 'ual' }] },
  })
  const sip5 = anEngineThatSaw(seenVersion('sip', '5', 'registration', 1)).engine
  t.match(
    sip5.start(aPhone(), { to: 'P0S3-06-3-00' }, 2),
    { kind: 'started', conversion: { from: null, steps: [{ method: 'image_version' }] } },
    'all loads 5.x go there in one step, those before do not',
  )
})

t.test(
  'a load that was proved is not believed any more once another generation is seen',
  async (t) => {
    const { engine } = anEngine()
    engine.start(aPhone(), { to: 'P0S3-07-5-00', from: 'P0S3-06-3-00' }, 0)
    engine.cancel(MAC, 1)
    t.equal(engine.currentLoad(MAC), 'P0S3-06-3-00')
    engine.onSeen(MAC, seenVersion('sip', '6', 'options', 2))
    t.match(
      engine.start(aPhone(), { to: 'P0S3-07-5-00' }, 3),
      { conversion: { from: 'P0S3-06-3-00' } },
      'one that fits is',
    )
    engine.cancel(MAC, 4)
    engine.onSeen(MAC, seenVersion('sip', '7', 'options', 5))
    t.match(engine.start(aPhone(), { to: 'P0S3-8-12-00' }, 6), { conversion: { from: null } })
  },
)

t.test('a plan starts where the operator says, or at what was seen', async (t) => {
  const { engine } = anEngineThatSaw(seenLoad('P0S3-07-5-00', 'web-page', 1))
  t.match(engine.origin(MAC, { from: 'P0S3-06-3-00' }), { from: 'P0S3-06-3-00' })
  t.match(engine.origin(MAC, {}), { from: 'P0S3-07-5-00' })
})

t.test('a from that was seen otherwise begins nothing, unless it is accepted', async (t) => {
  const { engine, effects } = anEngineThatSaw(seenLoad('P0S3-07-5-00', 'web-page', 1))
  const before = effects.length
  const request = { to: 'P0S3-8-12-00', from: 'P0S3-06-3-00' }
  const refused = {
    kind: 'refused',
    code: 'from-contradicted',
    reason: 'the phone was seen to run P0S3-07-5-00 (web-page), not P0S3-06-3-00',
    remedy: /acceptFrom/,
  }
  t.match(engine.start(aPhone(), request, 2), refused)
  t.match(engine.preview(aPhone(), request), refused)
  t.equal(effects.length, before)
  const accepted = { ...request, acceptFrom: true }
  t.match(engine.start(aPhone(), accepted, 3), { kind: 'started' })
  engine.onSeen(MAC, seenLoad('P0S3-07-5-00', 'web-page', 4))
  t.equal(engine.start(aPhone(), request, 5).kind, 'already', 'the same request again')
})

t.test('what phones do is seen, stored and told once', async (t) => {
  const { engine, effects } = anEngine()
  const news = () =>
    effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event] : [])).splice(0)
  engine.onBoot(MAC, null, 1)
  t.match(engine.seen(MAC), { by: 'lease', load: null, protocol: null, generation: null })
  engine.onBoot(MAC, 'ual', 2)
  t.match(engine.seen(MAC), { by: 'vendor-class', generation: 'ual' })
  t.same(news(), [])
  ask(engine, MAC, 'RINGLIST.DAT', 3)
  t.match(engine.seen(MAC), { by: 'requested-files', protocol: 'sip' })
  engine.onRegistration(MAC, { protocol: 'sip', version: '8.0', atMs: 4 })
  t.match(engine.seen(MAC), { by: 'registration', protocol: 'sip', load: null, major: 8 })
  const load = 'P00307020200'
  engine.onRegistration(MAC, { protocol: 'sccp', version: '7.2(2.0)', load, atMs: 5 })
  t.match(engine.seen(MAC), { by: 'registration', protocol: 'sccp', load })
  t.match(news(), [
    { event: 'phone.seen', mac: MAC, load: null, protocol: 'sip', by: 'requested-files' },
    { event: 'phone.seen', mac: MAC, load, protocol: 'sccp', by: 'registration' },
  ])
  const stored = effects.flatMap((effect) => (effect.kind === 'seen' ? [effect.seen] : []))
  const again = anEngine().engine
  again.restoreSeen([stored.at(-1) as SeenPhone])
  t.same(again.seen(MAC), engine.seen(MAC))
  engine.forget(MAC)
  t.match(effects.at(-1), { kind: 'seen', mac: MAC, seen: null })
  t.equal(engine.seen(MAC), undefined)
})

t.test('evidence that a phone runs its target is seen as well', async (t) => {
  const { engine } = anEngine()
  const confirmed = { state: 'confirmed', step: 1, steps: [aStep({ stage: 'confirmed' })] } as const
  const cases = [
    { confirmedBy: 'registration', by: 'registration' },
    { confirmedBy: 'phone-answer', by: 'web-page' },
    { confirmedBy: 'quiet', by: 'requested-files' },
    { confirmedBy: null, by: 'requested-files' },
  ] as const
  for (const { confirmedBy, by } of cases) {
    const conversion = aConversion({ ...confirmed, confirmedBy, to: 'P0S3-06-3-00' })
    engine.restore([conversion])
    t.match(engine.seen(MAC), { load: 'P0S3-06-3-00', by }, `${confirmedBy}`)
  }
})

t.test('a page that names the target of a conversion under way confirms it', async (t) => {
  const { engine, effects } = anEngine()
  engine.start(aPhone(), { to: 'P0S3-07-5-00', from: 'P0S3-06-3-00' }, 0)
  engine.onBoot(MAC, 'pre-ual', 1_000)
  engine.onSeen(MAC, seen({}, 'web-page', 2_000))
  t.equal(engine.conversion(MAC)?.state, 'running', 'a page without a load proves nothing')
  engine.onSeen(MAC, seenLoad('P0S3-07-5-00', 'web-page', 3_000))
  t.match(engine.conversion(MAC), { state: 'confirmed', confirmedBy: 'phone-answer' })
  const reported = effects.flatMap((effect) =>
    effect.kind === 'event' ? [effect.event.event] : [],
  )
  t.notOk(reported.includes('phone.seen'), 'the conversion has told it')
})

t.test('a conversion of another appliance is shown, and goes on where it is driven', async (t) => {
  const { engine, effects } = anEngine()
  const ours = new Set<Mac>([MAC])
  engine.driveOnly((mac) => ours.has(mac))
  engine.start(aPhone(), TO_SIP_6_3, 1_000)
  ask(engine, MAC, 'OS79XX.TXT', 2_000)
  const conversion = engine.conversion(MAC) ?? aConversion()
  ours.clear()
  const longLaterMs = 100 * 3_600_000
  engine.onWake(longLaterMs)
  t.same(engine.conversion(MAC), conversion, 'nobody here says that it stalls')
  ours.add(MAC)
  engine.onWake(longLaterMs)
  t.match(engine.conversion(MAC), { state: 'stalled' })
  effects.length = 0
  const stored = { ...conversion, revision: conversion.revision + 7 }
  t.same(engine.adopt(stored), [])
  t.same(effects, [{ kind: 'changed', conversion: stored, durable: false }])
  t.same(engine.conversion(MAC), stored)
  t.match(engine.adopt({ ...stored, steps: [aStep({ load: 'nonsense' })] }), [/nonsense/])
  t.same(engine.conversion(MAC), stored, 'what makes no sense changes nothing')
})
