import { join } from 'node:path'
import t, { type Test } from 'tap'
import { closeState, loadState } from '../../../appliance/start/application-state.ts'
import type { HardwareAddresses } from '../../../src/clients/hardware-address.ts'
import { FileView } from '../../../src/conversion/file-view.ts'
import { isUnderWay, type RolloutRequest } from '../../../src/conversion/rollout.ts'
import { importFirmware } from '../../../src/inventory/firmware-import.ts'
import { type Ipv4, ipv4Plus } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { rolloutService } from '../../../src/services/api/rollouts.ts'
import { clientLookup } from '../../../src/services/clients/client-lookup.ts'
import { forgetDeletedPhones } from '../../../src/services/clients/forget-deleted-phones.ts'
import { viewMaterial } from '../../../src/services/conversions/view-material.ts'
import { Tracking } from '../../../src/services/tracking/tracking.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aLog } from '../../support/a-log.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'
import { aRolloutRequest, MAC } from '../../support/conversion-builders.ts'
import { anApplianceInMemory } from '../../support/in-memory/an-appliance.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { SimulatedSite } from '../../support/simulated-site.ts'

const PHONES = 200
const [FROM, TO] = ['P00305000300', 'P0S3-06-3-00']
const START_MS = 1_700_000_000_000

const macAt = (index: number) => `020000${String(index).padStart(6, '0')}` as Mac
const addressAt = (index: number): Ipv4 => ipv4Plus(ipOf('10.20.0.10'), index)
const ALL = Array.from({ length: PHONES }, (_, index) => macAt(index))

function aRequest(change: Partial<RolloutRequest> = {}): RolloutRequest {
  const site = { phones: ALL, to: TO, from: FROM, canaries: 3, waveSize: 25, stopAfter: 3 }
  return aRolloutRequest({ ...site, appearWithinMs: 600_000, onAbsent: 'skip', ...change })
}

/** An appliance without sockets in this folder, as `compose.ts` joins it; and again after a restart. */
async function anAppliance(folder: string, clock: { nowMs: number }) {
  const settings = settingsOf(aConfiguration({ pool: [] }, { dataDir: join(folder, 'data') }))
  const state = await loadState(settings, {
    log: aLog('warn').log,
    nowMs: () => clock.nowMs,
    // The firmware here is synthetic and the network is not loopback.
    rehearsal: true,
  })
  const { inventory, cache, leaseTable, engine, rollouts } = state
  const material = viewMaterial({
    inventory,
    cache,
    folder: () => new Map(),
    sharedTriggers: false,
  })
  // Each phone stands where its entry says, and no other device does.
  const hardware: HardwareAddresses = {
    at: (_, address) => {
      const mac = inventory.phoneAt(address)?.mac
      return mac === undefined ? { kind: 'resolving' } : { kind: 'found', mac }
    },
  }
  const lookup = clientLookup(settings.networks, { leaseTable, inventory, hardware })
  const view = new FileView(material, engine)
  const tracking = new Tracking({
    engine,
    view,
    clients: lookup,
    inventory,
  })
  forgetDeletedPhones(inventory, { engine, clients: lookup }, () => clock.nowMs)
  rollouts.resume()
  const service = rolloutService(rollouts, () => clock.nowMs)
  const events = () => state.journal.recent().map(({ event }) => event)
  return { state, tracking, engine, service, events }
}

/** A site of phones that are enrolled, and not switched on. */
async function aSite(t: Test) {
  const clock = { nowMs: START_MS }
  const folder = t.testdir()
  let appliance = await anAppliance(folder, clock)
  t.teardown(() => closeState(appliance.state))
  const { inventory } = appliance.state
  for (const load of [FROM, TO]) {
    await importFirmware(inventory, { kind: 'ok', files: new Map(makeFirmwareSet(load)) }, 1)
  }
  const site = new SimulatedSite(appliance, START_MS)
  for (const [index, mac] of ALL.entries()) {
    await inventory.putPhone({ mac, model: '7960', network: 'bench', address: addressAt(index) })
    site.add(mac, addressAt(index), FROM)
  }
  const switchedOn = new Set<Mac>()
  /** Somebody walks from phone to phone, and plugs in all that are waiting but these. */
  const pass = async (ms: number, dead: ReadonlySet<Mac> = new Set()) => {
    const rollout = appliance.service.get('site')
    for (const { mac, state } of rollout?.phones ?? []) {
      if (state !== 'waiting' || switchedOn.has(mac) || dead.has(mac)) continue
      switchedOn.add(mac)
      site.powerCycle(mac)
    }
    clock.nowMs += ms
    await site.settle(clock.nowMs)
    appliance.state.rollouts.engine.onWake(clock.nowMs)
    return appliance.service.get('site')
  }
  const restart = async () => {
    await closeState(appliance.state)
    appliance = await anAppliance(folder, clock)
    site.connect(appliance)
  }
  return {
    site,
    pass,
    restart,
    clock,
    engine: () => appliance.engine,
    service: () => appliance.service,
    inventory: () => appliance.state.inventory,
    events: () => appliance.events(),
  }
}

t.test('two hundred phones convert by canaries and waves, over a restart', async (t) => {
  const { site, pass, restart, service, events } = await aSite(t)
  const dead = new Set([macAt(77), macAt(150)])
  t.match(await service().start('site', aRequest()), { kind: 'started' })
  let mostAtATime = 0
  let hasRestarted = false
  for (let round = 0; round < 200; round++) {
    const rollout = await pass(30_000, dead)
    if (rollout === undefined || rollout.state !== 'running') break
    const underWay = rollout.phones.filter(isUnderWay).length
    mostAtATime = Math.max(mostAtATime, underWay)
    const beginning = rollout.phones.slice(0, 3)
    if (beginning.some(({ state }) => state !== 'confirmed')) {
      t.ok(underWay <= 3, 'only canaries, until all are confirmed')
    }
    if (!hasRestarted && rollout.phones.filter(({ state }) => state === 'confirmed').length > 60) {
      hasRestarted = true
      await restart()
      t.match(
        service().get('site'),
        { state: 'running', revision: rollout.revision },
        'nothing lost',
      )
    }
  }
  const end = service().get('site')
  t.equal(end?.state, 'finished', end?.reason ?? '')
  t.ok(hasRestarted)
  t.equal(mostAtATime, 25)
  const absent = end?.phones.filter(({ state }) => state === 'absent').map(({ mac }) => mac)
  t.same(absent, [...dead], 'those that were never plugged in')
  t.equal(end?.phones.filter(({ state }) => state === 'confirmed').length, PHONES - 2)
  t.same(
    ALL.filter((mac) => site.runs(mac) !== TO && !dead.has(mac)),
    [],
    'and the phones themselves say so',
  )
  t.ok(events().includes('rollout.finished'))
})

t.test('a phone that is deleted, on its way or before its turn, is out of it', async (t) => {
  const { pass, service, inventory } = await aSite(t)
  await service().start('site', aRequest({ phones: ALL.slice(0, 4), canaries: 1 }))
  await service().change('site', { state: 'paused', onStop: null })
  await inventory().deletePhone(macAt(2))
  const states = (await pass(1_000))?.phones.map(({ state }) => state)
  t.same(states, ['waiting', 'pending', 'cancelled', 'pending'])
  await inventory().deletePhone(macAt(0))
  t.match(await pass(1_000), { state: 'stopped', reason: /canary .* not enrolled any more/ })
  t.match(await service().delete('site'), { kind: 'deleted' })
  t.equal(service().get('site'), undefined)
})

for (const goesOn of [true, false]) {
  const what = goesOn ? 'goes on over a restart does not stop' : 'does not go on stops'
  t.test(`a phone that stalls and ${what} the roll-out`, async (t) => {
    const { site, clock, pass, restart, service, engine } = await aSite(t)
    const [one, two] = [macAt(0), macAt(1)]
    await service().start(
      'site',
      aRequest({ phones: [one, two], canaries: 1, appearWithinMs: null }),
    )
    // It shows itself, and then nothing more.
    engine().onBoot(one, null, clock.nowMs)
    const dead = new Set([one])
    const isHeld = () => service().get('site')?.phones[0]?.stalledAtMs !== null
    for (let minute = 0; minute < 60 && !isHeld(); minute++) await pass(20_000, dead)
    const held = await pass(0, dead)
    t.match(held, { state: 'running', phones: [{ state: 'running', reason: /^[a-z-]+: / }] })
    await pass(10_000, dead)
    await restart()
    t.same(service().get('site'), held, 'the restart loses nothing')
    if (goesOn) site.powerCycle(one)
    for (let round = 0; round < 60; round++) await pass(20_000, new Set(goesOn ? [] : ALL))
    if (goesOn) t.match(service().get('site'), { state: 'finished', reason: null })
    else t.match(service().get('site'), { state: 'stopped', reason: /^canary .* is stalled: / })
    t.equal(site.runs(two), goesOn ? TO : null)
  })
}

t.test(
  'a roll-out that another appliance drives is only shown, until it goes on here',
  async (t) => {
    const { services, state, clock } = await anApplianceInMemory(t)
    const to = 'P0S3-8-12-00'
    await services.inventory.putPhone({ mac: MAC })
    await addFirmware(services.inventory, to)
    const absent = { appearWithinMs: 600_000, onAbsent: 'skip' } as const
    await services.rollouts.start('one', aRolloutRequest({ to, from: 'P00308000500', ...absent }))
    const shown = () => services.rollouts.get('one')?.phones[0]?.state
    state.rollouts.driveOnly(() => false)
    await clock.pass(601_000)
    t.equal(shown(), 'waiting')
    state.rollouts.driveOnly((id) => id === 'one')
    state.rollouts.engine.onWake(clock.nowMs())
    t.equal(shown(), 'absent')
  },
)
