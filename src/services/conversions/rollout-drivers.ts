import { isEnded, isUnderWay, type Rollout } from '../../conversion/rollout.ts'
import type { Mac } from '../../net/mac.ts'
import {
  longestBlinkMs,
  type OwnershipTiming,
  pollEveryMs,
  sureForMs,
} from '../../ownership/ownership-timing.ts'
import type { Presence } from '../ownership/membership.ts'
import type { SharedDocuments } from '../shared-documents.ts'
import type { StartTimer } from '../start-timer.ts'

/** What decides which appliance goes on with a roll-out. */
export type RolloutDriversParts = {
  /** This appliance, as `site/name`. */
  readonly self: string
  readonly timing: OwnershipTiming
  readonly rollouts: () => readonly Rollout[]
  readonly documents: Pick<SharedDocuments, 'driverOf' | 'hold'>
  /** A text for each appliance that changes with each word of it; none for one that has left. */
  readonly beats: (appliances: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** When the database has heard of this appliance; null: not yet. */
  readonly presence: () => Presence | null
  /** The roll-out goes on here; `from` is the appliance that it was taken from, or null. */
  readonly onDriven: (id: string, from: string | null) => void
  readonly onFault: (error: unknown) => void
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: () => number
  readonly startTimer: StartTimer
}

/** What was seen of another appliance. */
type Seen = { readonly beat: string; readonly sinceMs: number; readonly lookedAtMs: number }

/**
 * One appliance goes on with each roll-out, and another takes it over when that one is gone.
 *
 * An appliance drives its roll-outs while the database has heard of it within `takeoverAfter`, less a
 * margin. Another one that sees its word stand still for `takeoverAfter` writes the document once more
 * in its own name, against the version that it knows; and an appliance that was not heard of for too
 * long does the same before it goes on. Of the two writes one is refused. So a wave is never filled
 * twice, even if one of them was frozen or cut off in between.
 */
export class RolloutDrivers {
  readonly #parts: RolloutDriversParts
  /** By roll-out: the unbroken presence in which it is known to be ours. */
  readonly #held = new Map<string, number>()
  readonly #seen = new Map<string, Seen>()
  #stopTimer: (() => void) | null = null
  #underWay: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: RolloutDriversParts) {
    this.#parts = parts
  }

  /** Whether the roll-out may go on here at this moment. */
  drives(id: string): boolean {
    const { documents, self } = this.#parts
    const run = this.#presentRun()
    return run !== null && this.#held.get(id) === run && documents.driverOf('rollout', id) === self
  }

  /** Looks from now on, several times within `takeoverAfter`. */
  start(): void {
    if (this.#isClosed) return
    const look = () => {
      this.#underWay = this.look().then(() => this.start())
    }
    this.#stopTimer = this.#parts.startTimer(look, pollEveryMs(this.#parts.timing), false)
  }

  async stop(): Promise<void> {
    this.#isClosed = true
    this.#stopTimer?.()
    await this.#underWay
  }

  /** Claims what is ours, and takes what nobody goes on with; never rejects. */
  async look(): Promise<void> {
    try {
      await this.#look()
    } catch (error) {
      this.#parts.onFault(error)
    }
  }

  /** The unbroken presence of this moment; null where others may have taken over. */
  #presentRun(): number | null {
    const { presence, timing, nowMs } = this.#parts
    const present = presence()
    if (present === null) return null
    const silentForMs = nowMs() - present.atMs
    return silentForMs < sureForMs(timing) ? present.run : null
  }

  async #look(): Promise<void> {
    const run = this.#presentRun()
    if (run === null) return
    const open = this.#parts.rollouts().filter(isOpen)
    const foreign = new Map<string, Rollout[]>()
    for (const rollout of open) {
      const driver = this.#parts.documents.driverOf('rollout', rollout.id)
      if (driver === this.#parts.self) {
        if (this.#held.get(rollout.id) !== run) await this.#take(rollout, driver)
      } else if (driver !== null) {
        foreign.set(driver, [...(foreign.get(driver) ?? []), rollout])
      }
    }
    await this.#follow(foreign)
  }

  /** Looks at the appliances that go on with these roll-outs. */
  async #follow(foreign: ReadonlyMap<string, readonly Rollout[]>): Promise<void> {
    for (const driver of this.#seen.keys()) if (!foreign.has(driver)) this.#seen.delete(driver)
    if (foreign.size === 0) return
    const sentAtMs = this.#parts.nowMs()
    const beats = await this.#parts.beats([...foreign.keys()])
    for (const [driver, rollouts] of foreign) {
      if (!this.#hasStoodStill(driver, beats.get(driver) ?? '', sentAtMs)) continue
      for (const rollout of rollouts) await this.#take(rollout, driver)
    }
  }

  /** Whether an appliance has said nothing for too long, as it was seen here without a break. */
  #hasStoodStill(driver: string, beat: string, sentAtMs: number): boolean {
    const { timing, nowMs } = this.#parts
    const before = this.#seen.get(driver)
    const isSame =
      before !== undefined &&
      before.beat === beat &&
      sentAtMs - before.lookedAtMs <= longestBlinkMs(timing)
    const sinceMs = isSame ? before.sinceMs : nowMs()
    this.#seen.set(driver, { beat, sinceMs, lookedAtMs: nowMs() })
    return sentAtMs - sinceMs >= timing.takeoverAfterMs
  }

  /** Goes on with a roll-out if it is still as we know it, driven by this one. */
  async #take({ id, phones }: Rollout, driver: string): Promise<void> {
    const { documents, self, onDriven } = this.#parts
    const run = this.#presentRun()
    if (run === null || !(await documents.hold('rollout', id, driver))) return
    if (driver !== self) await this.#takeConversions(phones.filter(isUnderWay), driver)
    this.#held.set(id, run)
    onDriven(id, driver === self ? null : driver)
  }

  /** Else nobody would say of a phone that has fallen silent that it is. */
  async #takeConversions(phones: readonly { readonly mac: Mac }[], driver: string): Promise<void> {
    for (const { mac } of phones) await this.#parts.documents.hold('conversion', mac, driver)
  }
}

/** Whether there is something to go on with. */
function isOpen(rollout: Rollout): boolean {
  return !isEnded(rollout) || rollout.phones.some(isUnderWay)
}
