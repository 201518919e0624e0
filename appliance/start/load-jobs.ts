import type { PhoneTime } from '../../src/conversion/phone-time.ts'
import type { Mac } from '../../src/net/mac.ts'
import { Conversions } from '../../src/services/conversions/conversions.ts'
import { loadRollouts } from '../../src/services/conversions/load-rollouts.ts'
import type { ApplicationState } from './application-state.ts'

/** What conversions and roll-outs are joined to. */
export type JobParts = Pick<
  ApplicationState,
  | 'data'
  | 'sharing'
  | 'stores'
  | 'onStoreFault'
  | 'inventory'
  | 'recorder'
  | 'synthetic'
  | 'nowMs'
  | 'startTimer'
> & { readonly time: PhoneTime }

/** Reads conversions and roll-outs and joins their engines; `faults` says what could not be read. */
export async function loadJobs(parts: JobParts) {
  const { sharing, stores, inventory, recorder, time } = parts
  const conversions = joinConversions(parts)
  const { engine } = conversions
  const faults = await restoreConversions(engine, parts)
  const rollouts = await loadRollouts({
    ...runsOf(parts),
    store: stores.rollouts,
    conversions: engine,
    inventory,
    time,
    onEvent: (event, atMs) => recorder.onRolloutEvent(event, atMs),
    drives: (id) => sharing?.documents.drives('rollout', id) ?? true,
  })
  conversions.changed.subscribe((mac) => rollouts.runner.conversionChanged(mac))
  // A phone in the middle of its steps would find the next one gone, and one whose turn comes
  // tomorrow its first.
  inventory.keepFirmwareFor((load) => [
    ...engine.phonesNeeding(load).map((mac) => `phone ${mac}`),
    ...rollouts.engine.rolloutsNeeding(load).map((id) => `roll-out ${id}`),
  ])
  return { parts: { engine, conversions, rollouts }, faults: [...faults, ...rollouts.faults] }
}

function runsOf({ nowMs, startTimer, onStoreFault }: JobParts) {
  return { nowMs, startTimer, onFault: onStoreFault }
}

function joinConversions(parts: JobParts): Conversions {
  const { sharing, stores, inventory, recorder, synthetic, time } = parts
  return new Conversions({
    ...runsOf(parts),
    store: stores.conversions,
    seenStore: stores.seen,
    available: inventory,
    veto: ({ network }, load) => synthetic.vetoOn(network, load),
    time,
    onEvent: (event, atMs) => recorder.onConversionEvent(event, atMs),
    drives: (mac) => sharing?.documents.drives('conversion', mac) ?? true,
  })
}

async function restoreConversions(
  engine: Conversions['engine'],
  { data, inventory }: JobParts,
): Promise<readonly string[]> {
  const isEnrolled = ({ mac }: { readonly mac: Mac }) => inventory.phone(mac) !== undefined
  const stored = await data.conversions.load()
  const storedSeen = await data.seen.load()
  engine.restoreSeen(storedSeen.seen.filter(isEnrolled))
  const jobFaults = engine.restore(stored.conversions.filter(isEnrolled))
  return [...stored.faults, ...storedSeen.faults, ...jobFaults]
}
