import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { PhoneTime } from '../../conversion/phone-time.ts'
import type { RolloutStore } from '../../conversion/rollout.ts'
import { RolloutEngine } from '../../conversion/rollout-engine.ts'
import type { RolloutEvent } from '../../conversion/rollout-events.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { StartTimer } from '../start-timer.ts'
import { Subscribers } from '../subscribers.ts'
import { RolloutRunner } from './rollout-runner.ts'

/** What roll-outs need. */
export type RolloutParts = {
  readonly store: RolloutStore
  /** Restored already. */
  readonly conversions: ConversionEngine
  readonly inventory: Inventory
  readonly time: PhoneTime
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  readonly onEvent: (event: RolloutEvent, nowMs: number) => void
  readonly onFault: (error: unknown) => void
  /** The roll-outs that go on here, until `driveOnly` names others. */
  readonly drives: (id: string) => boolean
}

/** Roll-outs as they are known. */
export type LoadedRollouts = {
  readonly engine: RolloutEngine
  readonly runner: RolloutRunner
  /** By the id of the roll-out. */
  readonly changes: Subscribers<string>
  /** Names the roll-outs that go on here from now on; the others are shown alone. */
  readonly driveOnly: (drives: (id: string) => boolean) => void
  /** Goes on with what was stored; to be called once, when events can be told. */
  readonly resume: () => void
  /** What could not be read, in words. */
  readonly faults: readonly string[]
}

/** The roll-out engine with its store, its timer and those who follow roll-outs. */
class Rollouts {
  readonly engine: RolloutEngine
  readonly runner: RolloutRunner
  readonly changes = new Subscribers<string>()
  drives: (id: string) => boolean

  constructor(parts: RolloutParts) {
    const { store, nowMs, startTimer, onEvent, onFault, conversions, time, inventory } = parts
    this.drives = parts.drives
    this.runner = new RolloutRunner({
      store,
      nowMs,
      startTimer,
      onEvent,
      onFault,
      changes: this.changes,
      onConversion: (mac, atMs) => this.engine.onConversion(mac, atMs),
      onWake: (atMs) => this.engine.onWake(atMs),
    })
    this.engine = new RolloutEngine({
      conversions,
      time,
      phone: (mac) => inventory.phone(mac),
      emit: this.runner.run,
      drives: (id) => this.drives(id),
    })
  }
}

/** Reads the roll-outs of the database and joins their engine with its surroundings. */
export async function loadRollouts(parts: RolloutParts): Promise<LoadedRollouts> {
  const { store, inventory, nowMs } = parts
  const joined = new Rollouts(parts)
  const { engine, runner, changes } = joined
  // A phone whose turn has not come has no conversion that could tell.
  inventory.onChange((notice) => {
    if (notice.kind === 'phone-deleted') runner.conversionChanged(notice.phone.mac)
  })
  const { rollouts, faults } = await store.load()
  return {
    ...{ engine, runner, changes, faults },
    driveOnly: (drives) => {
      joined.drives = drives
    },
    resume: () => engine.restore(rollouts, nowMs()),
  }
}
