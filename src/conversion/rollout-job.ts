import type { Mac } from '../net/mac.ts'
import type { Conversion } from './conversion.ts'
import type { StartOutcome } from './conversion-engine.ts'
import {
  hasFailed,
  isEnded,
  isFollowed,
  isProved,
  isUnderWay,
  type Rollout,
  type RolloutPhone,
  type RolloutPhoneState,
  STALL_WINDOW_MS,
} from './rollout.ts'
import type { RolloutEvent, RolloutStep } from './rollout-events.ts'

/**
 * One roll-out: canaries first, then never more phones at a time than a wave, and an end when too
 * many fail.
 *
 * It owns no clock, no store and no conversion. Each method takes the current time and returns
 * what the caller must do, in order.
 */
export class RolloutJob {
  readonly #stallWindowMs: number
  #rollout: Rollout
  #isChanged = false
  #wakeAtMs: number | null
  #steps: RolloutStep[] = []

  /** @param stallWindowMs - How long a phone may be stalled before that counts. */
  constructor(rollout: Rollout, stallWindowMs = STALL_WINDOW_MS) {
    this.#rollout = rollout
    this.#stallWindowMs = stallWindowMs
    this.#wakeAtMs = this.#earliestDueAtMs()
  }

  get rollout(): Rollout {
    return this.#rollout
  }

  /**
   * When a phone under way has had its time to show itself, or to go on after a stall; null where
   * none is waited for so.
   */
  get wakeAtMs(): number | null {
    return this.#wakeAtMs
  }

  /** Kept, because all roll-outs are asked at every change, those with 2,000 phones too. */
  #earliestDueAtMs(): number | null {
    const dueAtMs = Math.min(...this.#rollout.phones.map((phone) => this.#dueAtMs(phone)))
    return Number.isFinite(dueAtMs) ? dueAtMs : null
  }

  #dueAtMs({ state, startedAtMs, stalledAtMs }: RolloutPhone): number {
    if (stalledAtMs !== null) return stalledAtMs + this.#stallWindowMs
    const { appearWithinMs } = this.#rollout
    if (state !== 'waiting' || appearWithinMs === null) return Number.POSITIVE_INFINITY
    return Number(startedAtMs) + appearWithinMs
  }

  /** Begins, once. */
  begin(nowMs: number): readonly RolloutStep[] {
    const { id, to, phones, canaries } = this.#rollout
    this.#isChanged = true
    this.#report({ event: 'rollout.started', rollout: id, to, phones: phones.length, canaries })
    for (const phone of phones) if (phone.state === 'confirmed') this.#reportPhone(phone)
    return this.#settle(nowMs)
  }

  /**
   * Goes on after a restart. A conversion whose start did not reach the disk is begun again, one
   * whose end did not is ended again.
   *
   * @param conversionOf - The last conversion of a phone, as it was restored.
   */
  restore(
    conversionOf: (mac: Mac) => Conversion | undefined,
    nowMs: number,
  ): readonly RolloutStep[] {
    for (const phone of this.#rollout.phones) this.#restorePhone(phone, conversionOf, nowMs)
    for (const phone of this.#rollout.phones) this.#restoreStall(phone, nowMs)
    return this.#settle(nowMs)
  }

  /** What came of a `start-conversion`. */
  onStarted(mac: Mac, outcome: StartOutcome | 'not-enrolled', nowMs: number) {
    const phone = this.#followed(mac)
    if (phone === undefined) return []
    if (outcome === 'not-enrolled') {
      this.#move(phone, 'refused', 'it is not enrolled any more', nowMs)
    } else if (outcome.kind === 'refused') {
      this.#move(phone, 'refused', `${outcome.code}: ${outcome.reason}`, nowMs)
    } else if (outcome.kind === 'conflict') {
      this.#move(phone, 'refused', `it is on its way to ${outcome.conversion.to}`, nowMs)
    } else {
      this.#follow(phone, outcome.conversion, nowMs)
    }
    return this.#settle(nowMs)
  }

  /** The conversion of one of its phones has changed; undefined where the phone was deleted. */
  onConversion(mac: Mac, conversion: Conversion | undefined, nowMs: number) {
    const phone = this.#rollout.phones.find((one) => one.mac === mac)
    if (phone === undefined) return []
    if (conversion !== undefined) {
      if (!isFollowed(phone)) return []
      if (conversion.to === this.#rollout.to) this.#follow(phone, conversion, nowMs)
      else this.#move(phone, 'cancelled', `it was sent to ${conversion.to} instead`, nowMs)
    } else if (isFollowed(phone) || phone.state === 'pending') {
      this.#move(phone, 'cancelled', 'it is not enrolled any more', nowMs)
    }
    return this.#settle(nowMs)
  }

  /** No further phone begins; those under way go on. */
  pause(nowMs: number): readonly RolloutStep[] {
    if (this.#rollout.state !== 'running') return []
    this.#change({ state: 'paused' })
    this.#report({ event: 'rollout.paused', rollout: this.#rollout.id })
    return this.#settle(nowMs)
  }

  resume(nowMs: number): readonly RolloutStep[] {
    if (this.#rollout.state !== 'paused') return []
    this.#change({ state: 'running' })
    this.#report({ event: 'rollout.resumed', rollout: this.#rollout.id })
    return this.#settle(nowMs)
  }

  /** An operator ends it. `onStop` goes before the setting of the roll-out. */
  stop(onStop: Rollout['onStop'] | null, nowMs: number): readonly RolloutStep[] {
    if (isEnded(this.#rollout)) return []
    if (onStop !== null) this.#change({ onStop })
    this.#stop('an operator stopped it', nowMs)
    return this.#settle(nowMs)
  }

  /** Time has passed: phones that did not show themselves are given up, stalls count. */
  onWake(nowMs: number): readonly RolloutStep[] {
    for (const phone of this.#rollout.phones) {
      if (nowMs < this.#dueAtMs(phone)) continue
      if (phone.stalledAtMs === null) this.#giveUp(phone, nowMs)
      else this.#move(phone, 'stalled', phone.reason, nowMs)
    }
    return this.#settle(nowMs)
  }

  #giveUp(phone: RolloutPhone, nowMs: number): void {
    const seconds = Math.round(Number(this.#rollout.appearWithinMs) / 1000)
    this.#move(phone, 'absent', `it did not show itself within ${seconds} s`, nowMs)
    this.#steps.push({ kind: 'cancel-conversion', mac: phone.mac })
  }

  #restorePhone(
    phone: RolloutPhone,
    conversionOf: (mac: Mac) => Conversion | undefined,
    nowMs: number,
  ): void {
    const { mac } = phone
    const { to, state, onStop } = this.#rollout
    const conversion = conversionOf(mac)
    const isOurs = conversion?.to === to
    const isToEnd = state === 'stopped' && onStop === 'cancel'
    if (isFollowed(phone)) {
      if (isOurs) this.#follow(phone, conversion, nowMs)
      else if (isToEnd) this.#move(phone, 'cancelled', null, nowMs)
      else this.#steps.push({ kind: 'start-conversion', mac })
    }
    const wasGivenUp =
      phone.state === 'absent' && Number(conversion?.startedAtMs) <= Number(phone.endedAtMs)
    if (isOurs && (wasGivenUp || (isToEnd && isFollowed(phone)))) {
      this.#steps.push({ kind: 'cancel-conversion', mac })
    }
  }

  /** While the appliance was away no phone could go on: a window that ran out then begins again. */
  #restoreStall(phone: RolloutPhone, nowMs: number): void {
    if (phone.stalledAtMs === null || nowMs < this.#dueAtMs(phone)) return
    this.#replace({ ...phone, stalledAtMs: nowMs })
  }

  #followed(mac: Mac): RolloutPhone | undefined {
    const phone = this.#rollout.phones.find((one) => one.mac === mac)
    return phone !== undefined && isFollowed(phone) ? phone : undefined
  }

  #follow(phone: RolloutPhone, { state, diagnosis }: Conversion, nowMs: number): void {
    const isHeld = phone.stalledAtMs !== null
    if (state === (isHeld ? 'stalled' : phone.state)) return
    const stalled = diagnosis === null ? null : `${diagnosis.code}: ${diagnosis.seen}`
    if (state === 'stalled') this.#hold(phone, stalled, nowMs)
    else this.#move(phone, state, state === 'cancelled' ? CANCELLED : null, nowMs)
  }

  /** It has a while to go on by itself, and keeps its place in the wave meanwhile. */
  #hold(phone: RolloutPhone, reason: string | null, nowMs: number): void {
    const held = this.#move(phone, 'running', reason, nowMs)
    this.#replace({ ...held, stalledAtMs: nowMs })
  }

  /** Decides what follows from where the phones are now. */
  #settle(nowMs: number): readonly RolloutStep[] {
    if (!isEnded(this.#rollout)) this.#judge(nowMs)
    this.#fillWave(nowMs)
    this.#finishIfDone()
    if (this.#isChanged) {
      const revision = this.#rollout.revision + 1
      this.#rollout = { ...this.#rollout, updatedAtMs: nowMs, revision }
      // Before anything is begun: what a crash leaves behind is a phone too many on record.
      this.#steps.unshift({ kind: 'rollout-changed', rollout: this.#rollout })
      this.#wakeAtMs = this.#earliestDueAtMs()
      this.#isChanged = false
    }
    const steps = this.#steps
    this.#steps = []
    return steps
  }

  #judge(nowMs: number): void {
    const { phones, stopAfter } = this.#rollout
    const fallen = phones.find((phone) => phone.isCanary && isLost(phone))
    if (fallen !== undefined) {
      const { mac, state, reason } = fallen
      this.#stop(`canary ${mac} is ${state}${reason === null ? '' : `: ${reason}`}`, nowMs)
      return
    }
    const failed = phones.filter((phone) => hasFailed(phone, this.#rollout))
    if (failed.length < stopAfter) return
    const count = failed.length === 1 ? '1 phone has' : `${failed.length} phones have`
    this.#stop(`${count} failed, and it stops after ${stopAfter}`, nowMs)
  }

  #stop(reason: string, nowMs: number): void {
    const { id, phones, onStop } = this.#rollout
    this.#change({ state: 'stopped', reason })
    this.#report({ event: 'rollout.stopped', rollout: id, reason })
    for (const phone of phones) {
      if (phone.state === 'pending') this.#move(phone, 'skipped', null, nowMs)
      else if (onStop === 'cancel' && isFollowed(phone)) {
        this.#steps.push({ kind: 'cancel-conversion', mac: phone.mac })
      }
    }
  }

  #fillWave(nowMs: number): void {
    if (this.#rollout.state !== 'running') return
    const { phones, waveSize } = this.#rollout
    const mayAllBegin = isProved(this.#rollout)
    let room = waveSize - phones.filter(isUnderWay).length
    for (const phone of phones) {
      if (room <= 0) break
      if (phone.state !== 'pending' || !(mayAllBegin || phone.isCanary)) continue
      room--
      this.#move(phone, 'waiting', null, nowMs)
      this.#steps.push({ kind: 'start-conversion', mac: phone.mac })
    }
  }

  #finishIfDone(): void {
    const { id, state, phones } = this.#rollout
    if (state === 'stopped' || state === 'finished') return
    if (phones.some((phone) => phone.state === 'pending' || isUnderWay(phone))) return
    this.#change({ state: 'finished' })
    const count = (...states: readonly RolloutPhoneState[]) =>
      phones.filter((phone) => states.includes(phone.state)).length
    this.#report({
      event: 'rollout.finished',
      rollout: id,
      confirmed: count('confirmed'),
      failed: count('stalled', 'refused'),
      absent: count('absent'),
    })
  }

  #move(phone: RolloutPhone, state: RolloutPhoneState, reason: string | null, nowMs: number) {
    const isBegin = phone.startedAtMs === null && state === 'waiting'
    const moved: RolloutPhone = {
      ...phone,
      state,
      reason,
      startedAtMs: isBegin ? nowMs : phone.startedAtMs,
      endedAtMs: isUnderWay({ state }) ? null : nowMs,
      stalledAtMs: null,
    }
    this.#replace(moved)
    if (state !== 'skipped') this.#reportPhone(moved)
    if (moved.isCanary && isProved(this.#rollout)) {
      this.#report({ event: 'rollout.canaries.confirmed', rollout: this.#rollout.id })
    }
    return moved
  }

  #replace(changed: RolloutPhone): void {
    const { phones } = this.#rollout
    this.#change({ phones: phones.map((one) => (one.mac === changed.mac ? changed : one)) })
  }

  #reportPhone({ mac, state, reason }: RolloutPhone): void {
    this.#report({ event: 'rollout.phone.changed', rollout: this.#rollout.id, mac, state, reason })
  }

  #change(change: Partial<Rollout>): void {
    this.#rollout = { ...this.#rollout, ...change }
    this.#isChanged = true
  }

  #report(event: RolloutEvent): void {
    this.#steps.push({ kind: 'event', event })
  }
}

const CANCELLED = 'its conversion was cancelled'

/** Whether a canary has come to an end other than the one that is wanted of it. */
function isLost({ state }: RolloutPhone): boolean {
  return ['stalled', 'cancelled', 'absent', 'refused'].includes(state)
}
