import t from 'tap'
import { startNodeTimer } from '../../../src/adapters/clock/node-timer.ts'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import { ConversionEngine } from '../../../src/conversion/conversion-engine.ts'
import type { Phone } from '../../../src/inventory/phone.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { conversionService } from '../../../src/services/api/conversions.ts'
import { ConversionRunner } from '../../../src/services/conversions/conversion-runner.ts'
import { Subscribers } from '../../../src/services/subscribers.ts'
import { anApplianceInside, NOW_MS } from '../../support/an-appliance-inside.ts'
import { MAC } from '../../support/conversion-builders.ts'

const UNKNOWN_DEVICE = '020000000001' as Mac
const SIP = 'P0S3-06-3-00'
const REQUEST = { to: SIP, from: 'P00305000300', path: 'cautious', acceptOneWay: true } as const

/** The engine with its runner over a store in memory, which fails while it is told to. */
async function aService(restarts = true) {
  const { inventory } = await anApplianceInside()
  for (const load of ['P0S3-05-3-00', SIP]) {
    const contents = new Map([[`${load}.bin`, Uint8Array.of(1)]])
    const firmware = { load, protocol: 'sip', loader: null, addedAtMs: 1, contents } as const
    await inventory.putFirmware(firmware)
  }
  const stored = new Map<Mac, Conversion>()
  const disk = { isFull: false }
  const changes = new Subscribers<Mac>()
  const runner = new ConversionRunner({
    startTimer: startNodeTimer,
    store: {
      load: async () => ({ conversions: [], faults: [] }),
      async save(conversions) {
        if (disk.isFull) throw new Error('disk full')
        for (const conversion of conversions) stored.set(conversion.mac, conversion)
      },
    },
    seenStore: { load: async () => ({ seen: [], faults: [] }), save: async () => undefined },
    changes,
    nowMs: () => NOW_MS,
    onEvent: () => undefined,
    onWake: () => undefined,
    onFault: () => undefined,
  })
  t.teardown(() => runner.close().catch(() => undefined))
  const engine = new ConversionEngine(inventory, runner.run)
  const service = conversionService({
    engine,
    phone: (mac) => inventory.phone(mac),
    restartsByItself: () => restarts,
    warnings: (_mac, to) => [`no line for ${to}`],
    changes,
    saved: () => runner.saved(),
    nowMs: () => NOW_MS,
  })
  return { service, engine, stored, disk }
}

t.test('a start is answered when it is stored', async (t) => {
  const { service, stored } = await aService()
  const outcome = await service.start(MAC, REQUEST)
  t.match(outcome, { kind: 'started', conversion: { mac: MAC, to: SIP, state: 'waiting' } })
  t.equal(stored.get(MAC)?.to, SIP)
  t.equal(service.get(MAC), service.list()[0])
  t.same(service.warnings(MAC), [`no line for ${SIP}`])
  t.same(service.warnings('020000000001' as Mac), [])
})

t.test('the same again changes nothing, another one is a conflict', async (t) => {
  const { service } = await aService()
  await service.start(MAC, REQUEST)
  t.match(await service.start(MAC, REQUEST), { kind: 'unchanged', conversion: { revision: 1 } })
  t.match(await service.start(MAC, { ...REQUEST, from: null }), { kind: 'unchanged' })
  t.match(await service.start(MAC, { ...REQUEST, to: 'P00308000500' }), {
    kind: 'conflict',
    conversion: { to: SIP },
  })
})

t.test(
  'a phone that was seen to run another load begins nothing, unless that is accepted',
  async (t) => {
    const { service, engine } = await aService()
    engine.onSeen(MAC, seenLoad('P0S3-05-3-00', 'web-page', NOW_MS))
    t.match(await service.start(MAC, REQUEST), {
      kind: 'from-contradicted',
      message: /^the phone was seen to run P0S3-05-3-00 .*acceptFrom/,
    })
    t.match(await service.start(MAC, { ...REQUEST, acceptFrom: true }), { kind: 'started' })
    t.match(await service.start(MAC, REQUEST), { kind: 'unchanged' })
  },
)

t.test('a phone that is not enrolled is not found', async (t) => {
  const { service } = await aService()
  t.same(await service.start(UNKNOWN_DEVICE, REQUEST), { kind: 'not-found' })
  t.same(await service.cancel(UNKNOWN_DEVICE), { kind: 'not-found' })
  t.equal(service.get(UNKNOWN_DEVICE), undefined)
})

t.test('a refused plan says why, and each missing firmware with its step', async (t) => {
  const { service } = await aService()
  const missing = await service.start(MAC, { ...REQUEST, to: 'P0S3-8-12-00' })
  t.match(missing, { kind: 'plan-refused', reason: 'firmware-missing', message: /POST \/v1/ })
  t.match(missing.kind === 'plan-refused' && missing.problems[0], {
    path: '/steps/0',
    message: /^firmware \S+ is not available: /,
  })
  t.match(await service.start(MAC, { ...REQUEST, from: 'P0S3-04-4-00', acceptOneWay: false }), {
    kind: 'plan-refused',
    reason: 'one-way',
    problems: [],
  })
})

t.test('a start that cannot be stored is no start for who asked', async (t) => {
  const { service, disk } = await aService()
  disk.isFull = true
  await t.rejects(service.start(MAC, REQUEST), { message: 'disk full' })
  disk.isFull = false
  t.match(await service.start(MAC, REQUEST), { kind: 'unchanged' }, 'asked again it is stored')
})

t.test('a cancelled one is stored so; cancelled twice it is as it was', async (t) => {
  const { service, stored } = await aService()
  await service.start(MAC, REQUEST)
  t.match(await service.cancel(MAC), { kind: 'cancelled', conversion: { state: 'cancelled' } })
  t.equal(stored.get(MAC)?.state, 'cancelled')
  t.match(await service.cancel(MAC), { kind: 'unchanged', conversion: { state: 'cancelled' } })
})

t.test('one that was confirmed is not cancelled any more, and says what leads back', async (t) => {
  const { service, engine, stored } = await aService()
  await service.start(MAC, REQUEST)
  t.equal(service.rollback(MAC), null, 'it has not arrived')
  const begun = service.get(MAC) as Conversion
  const [state, step] = ['confirmed', begun.steps.length] as const
  t.same(engine.adopt({ ...begun, state, step }), [])
  t.match(await service.cancel(MAC), { kind: 'ended', conversion: { state: 'confirmed' } })
  t.match(stored.get(MAC), { state: 'waiting' }, 'nothing is stored by that')
  t.match(service.rollback(MAC), { to: REQUEST.from })
})

t.test('who watches a phone hears of its changes alone', async (t) => {
  const { service } = await aService()
  let heard = 0
  const leave = service.subscribe(MAC, () => heard++)
  service.subscribe(UNKNOWN_DEVICE, () => t.fail('not its phone'))
  await service.start(MAC, REQUEST)
  leave()
  await service.cancel(MAC)
  t.equal(heard, 1)
})

t.test('who restarts the phone is shown, the default resolved', async (t) => {
  const { service } = await aService()
  await service.start(MAC, REQUEST)
  t.equal(service.get(MAC)?.restart, null)
  t.equal(service.restartMode(MAC), 'auto')
  await service.start(MAC, { ...REQUEST, restart: 'manual' })
  t.equal(service.restartMode(MAC), 'manual')
})

t.test('a preview says what a start would come to, and begins nothing', async (t) => {
  const { service, engine } = await aService()
  const phone = { mac: MAC, model: '7960' } as unknown as Phone
  t.same(service.preview(phone, REQUEST), { kind: 'starts' })
  t.match(service.preview(phone, { ...REQUEST, to: 'P0S3-8-12-00' }), {
    kind: 'refused',
    message: /not available.*Add each archive/,
  })
  t.match(service.preview(phone, { ...REQUEST, from: null }), {
    kind: 'refused',
    message: /depends on the load that the phone runs/,
  })
  t.equal(engine.conversion(MAC), undefined)
  await service.start(MAC, REQUEST)
  t.same(service.preview(phone, REQUEST), { kind: 'unchanged' })
  t.match(service.preview(phone, { ...REQUEST, to: 'P0S3-05-3-00' }), {
    kind: 'refused',
    message: /already being converted to P0S3-06-3-00 \(waiting\)/,
  })
})

t.test('who restarts a phone is what was chosen, else what the appliance can do', async (t) => {
  const { service } = await aService()
  t.equal(service.restartMode(MAC), 'auto')
  await service.start(MAC, { ...REQUEST, restart: 'manual' })
  t.equal(service.restartMode(MAC), 'manual')
  const alone = await aService(false)
  t.equal(alone.service.restartMode(MAC), 'manual', 'nothing here restarts it')
})
