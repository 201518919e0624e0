import type { EntryProblem } from '../inventory/inventory-outcome.ts'
import type { Phone } from '../inventory/phone.ts'
import type { Mac } from '../net/mac.ts'
import { isSeenOn } from '../phones/seen-software.ts'
import type { ConversionEngine } from './conversion-engine.ts'
import { clockMs, type PhoneTime, REAL_TIME } from './phone-time.ts'
import {
  isEnded,
  isFollowed,
  isSameRequest,
  type Rollout,
  type RolloutRequest,
  rolloutOf,
  STALL_WINDOW_MS,
} from './rollout.ts'
import type { RolloutEffect, RolloutStep } from './rollout-events.ts'
import { RolloutJob } from './rollout-job.ts'
import { findRolloutProblems, requestOf } from './rollout-rules.ts'

/** Roll-outs that are kept, those that have ended included. */
export const MAX_ROLLOUTS = 500

/** What came of asking for a roll-out. */
export type RolloutOutcome =
  | { readonly kind: 'started' | 'unchanged'; readonly rollout: Rollout }
  /** Another one has this id. */
  | { readonly kind: 'conflict'; readonly rollout: Rollout }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }

/** What came of changing one. `over`: it has ended, and stays so. */
export type RolloutChangeOutcome =
  | { readonly kind: 'changed' | 'unchanged' | 'over'; readonly rollout: Rollout }
  | { readonly kind: 'not-found' }

/** Where an operator wants a roll-out to be. */
export type RolloutChange = {
  readonly state: 'running' | 'paused' | 'stopped'
  /** With `stopped`: what becomes of phones under way; null as the roll-out says. */
  readonly onStop: Rollout['onStop'] | null
}

/** What roll-outs stand on. */
export type RolloutEngineParts = {
  readonly conversions: Pick<
    ConversionEngine,
    'start' | 'preview' | 'loadsOnTheWay' | 'cancel' | 'conversion' | 'seen'
  >
  readonly phone: (mac: Mac) => Phone | undefined
  /** Called with what must be done, in order, before a method returns. */
  readonly emit: (effects: readonly RolloutEffect[]) => void
  /** How fast the phones are, which divides the time that a stall may last; by default real. */
  readonly time?: PhoneTime
  /** Names the roll-outs that go on here; the others are shown alone. By default, all go on. */
  readonly drives?: (id: string) => boolean
}

/**
 * All roll-outs. Owns no clock and no store. It begins and cancels conversions by itself, and must
 * be told of each that changes, but not before the call that changed it has returned.
 */
export class RolloutEngine {
  readonly #parts: RolloutEngineParts
  readonly #jobs = new Map<string, RolloutJob>()
  /** The last roll-out of each phone. */
  readonly #byPhone = new Map<Mac, RolloutJob>()

  constructor(parts: RolloutEngineParts) {
    this.#parts = parts
  }

  /** Takes up what was stored before a restart; conversions have been restored before. */
  restore(rollouts: readonly Rollout[], nowMs: number): void {
    const inOrder = [...rollouts].sort((a, b) => a.startedAtMs - b.startedAtMs)
    for (const rollout of inOrder) this.#keep(this.#jobOf(rollout))
    for (const job of this.#driven()) this.#goOn(job, nowMs)
    this.onWake(nowMs)
  }

  /** A roll-out goes on here from now on: what its phones have done meanwhile is followed up. */
  resume(id: string, nowMs: number): void {
    const job = this.#jobs.get(id)
    if (job !== undefined && this.#isDriven(job)) this.#goOn(job, nowMs)
  }

  /** Another appliance has stored this roll-out: it is shown as it stands there. */
  adopt(rollout: Rollout): void {
    this.#forget(rollout.id)
    this.#keep(this.#jobOf(rollout))
  }

  /** Another appliance has deleted a roll-out. */
  adoptDeleted(id: string): void {
    this.#forget(id)
  }

  /** In the order in which they began. */
  list(): readonly Rollout[] {
    return [...this.#jobs.values()].map(({ rollout }) => rollout)
  }

  get(id: string): Rollout | undefined {
    return this.#jobs.get(id)?.rollout
  }

  /** Begins a roll-out, or says all that is against it. Asking again for the same changes nothing. */
  start(id: string, request: RolloutRequest, nowMs: number): RolloutOutcome {
    const known = this.get(id)
    if (known !== undefined) {
      return { kind: isSameRequest(known, request) ? 'unchanged' : 'conflict', rollout: known }
    }
    const isThere = (mac: Mac) => this.#isThere(mac, request.to)
    const problems = findRolloutProblems(request, {
      phone: this.#parts.phone,
      rolloutOf: (mac) => this.#rolloutOf(mac),
      isThere,
      preview: (phone, request) => this.#parts.conversions.preview(phone, request),
    })
    if (this.#jobs.size >= MAX_ROLLOUTS) {
      const message = `${MAX_ROLLOUTS} roll-outs are kept already; delete some that have ended`
      problems.push({ path: '', message })
    }
    if (problems.length > 0) return { kind: 'refused', problems }
    const job = this.#jobOf(rolloutOf(id, request, nowMs, isThere))
    this.#keep(job)
    this.#perform(job, job.begin(nowMs), nowMs)
    return { kind: 'started', rollout: job.rollout }
  }

  /** Ids of roll-outs with a phone whose turn has not come and that will go over the load. */
  rolloutsNeeding(load: string): readonly string[] {
    return this.list()
      .filter((rollout) => !isEnded(rollout) && this.#goesOver(load, rollout))
      .map(({ id }) => id)
  }

  #goesOver(load: string, rollout: Rollout): boolean {
    if (rollout.to === load) return rollout.phones.some(({ state }) => state === 'pending')
    return rollout.phones.some(({ mac, state }) => {
      const phone = state === 'pending' ? this.#parts.phone(mac) : undefined
      if (phone === undefined) return false
      return this.#parts.conversions.loadsOnTheWay(phone, requestOf(rollout)).includes(load)
    })
  }

  /** Pauses, resumes or stops. */
  change(id: string, { state, onStop }: RolloutChange, nowMs: number): RolloutChangeOutcome {
    const job = this.#jobs.get(id)
    if (job === undefined) return { kind: 'not-found' }
    const before = job.rollout
    if (before.state === state) return { kind: 'unchanged', rollout: before }
    if (isEnded(before)) return { kind: 'over', rollout: before }
    if (state === 'stopped') this.#perform(job, job.stop(onStop, nowMs), nowMs)
    else this.#perform(job, state === 'paused' ? job.pause(nowMs) : job.resume(nowMs), nowMs)
    return { kind: 'changed', rollout: job.rollout }
  }

  /** Deletes a finished one; `over` if it still runs. Conversions continue. */
  delete(id: string): { readonly kind: 'deleted' | 'not-found' | 'running' } {
    const job = this.#jobs.get(id)
    if (job === undefined) return { kind: 'not-found' }
    if (!isEnded(job.rollout)) return { kind: 'running' }
    this.#forget(id)
    this.#parts.emit([
      { kind: 'rollout-deleted', id },
      { kind: 'event', event: { event: 'rollout.deleted', rollout: id } },
    ])
    return { kind: 'deleted' }
  }

  /** The conversion of a phone has changed, or the phone is gone with it. */
  onConversion(mac: Mac, nowMs: number): void {
    const job = this.#byPhone.get(mac)
    if (job === undefined || !this.#isDriven(job)) return
    const conversion = this.#parts.conversions.conversion(mac)
    // A phone whose turn has not come may never have had one.
    if (conversion === undefined && this.#parts.phone(mac) !== undefined) return
    this.#perform(job, job.onConversion(mac, conversion, nowMs), nowMs)
  }

  /** Time has passed. */
  onWake(nowMs: number): void {
    for (const job of this.#driven()) {
      if (job.wakeAtMs !== null && job.wakeAtMs <= nowMs) {
        this.#perform(job, job.onWake(nowMs), nowMs)
      }
    }
    this.#askForWake()
  }

  #goOn(job: RolloutJob, nowMs: number): void {
    const conversionOf = (mac: Mac) => this.#parts.conversions.conversion(mac)
    this.#perform(job, job.restore(conversionOf, nowMs), nowMs)
  }

  #jobOf(rollout: Rollout): RolloutJob {
    return new RolloutJob(rollout, clockMs(this.#parts.time ?? REAL_TIME, STALL_WINDOW_MS))
  }

  /** What a phone has shown goes before what an operator says of all phones together. */
  #isThere(mac: Mac, load: string): boolean {
    return isSeenOn(load, this.#parts.conversions.seen(mac))
  }

  #driven(): readonly RolloutJob[] {
    return [...this.#jobs.values()].filter((job) => this.#isDriven(job))
  }

  #isDriven({ rollout }: RolloutJob): boolean {
    return this.#parts.drives?.(rollout.id) ?? true
  }

  #forget(id: string): void {
    const job = this.#jobs.get(id)
    this.#jobs.delete(id)
    for (const { mac } of job?.rollout.phones ?? []) {
      if (this.#byPhone.get(mac) === job) this.#byPhone.delete(mac)
    }
  }

  #keep(job: RolloutJob): void {
    this.#jobs.set(job.rollout.id, job)
    for (const { mac } of job.rollout.phones) this.#byPhone.set(mac, job)
  }

  /** Each conversion that begins may say at once how it stands, which may begin the next. */
  #perform(job: RolloutJob, steps: readonly RolloutStep[], nowMs: number): void {
    const waiting = [...steps]
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      switch (step.kind) {
        case 'start-conversion':
          waiting.push(...this.#start(job, step.mac, nowMs))
          break
        case 'cancel-conversion':
          this.#parts.conversions.cancel(step.mac, nowMs)
          break
        default:
          this.#parts.emit([step])
      }
    }
    this.#askForWake()
  }

  #start(job: RolloutJob, mac: Mac, nowMs: number): readonly RolloutStep[] {
    const phone = this.#parts.phone(mac)
    if (phone === undefined) return job.onStarted(mac, 'not-enrolled', nowMs)
    const outcome = this.#parts.conversions.start(phone, requestOf(job.rollout), nowMs)
    return job.onStarted(mac, outcome, nowMs)
  }

  #rolloutOf(mac: Mac): string | undefined {
    const rollout = this.#byPhone.get(mac)?.rollout
    const phone = rollout?.phones.find((one) => one.mac === mac)
    if (rollout === undefined || phone === undefined) return undefined
    const isBusy = isEnded(rollout)
      ? phone.state === 'waiting' || phone.state === 'running'
      : phone.state === 'pending' || isFollowed(phone)
    return isBusy ? rollout.id : undefined
  }

  #askForWake(): void {
    const times = this.#driven().flatMap(({ wakeAtMs }) => wakeAtMs ?? [])
    if (times.length > 0) this.#parts.emit([{ kind: 'wake', atMs: Math.min(...times) }])
  }
}
