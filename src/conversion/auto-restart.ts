import type { Mac } from '../net/mac.ts'
import type { Conversion } from './conversion.ts'
import { clockMs, type PhoneTime } from './phone-time.ts'
import { RestartPace } from './restart-pace.ts'

/** What asking for the restart of a phone has come to. */
export type RestartAnswer =
  /** It is under way; `onEnded` tells how it ends. */
  | 'begun'
  /** Not at this moment: the phone is in a transfer, or another restart of it is under way. */
  | 'not-now'
  /** No method can be used as things are, or the phone loops. */
  | 'no-method'

/** What automatic restarts ask. */
export type AutoRestartSurroundings = {
  readonly time: PhoneTime
  /** Begins the restart of a phone, if that can be. */
  readonly order: (mac: Mac, nowMs: number) => RestartAnswer
  /** When the phone was last seen to start or to fetch; null where it never was. */
  readonly lastSeenMs: (mac: Mac) => number | null
  readonly networkOf: (mac: Mac) => string | null
}

/**
 * Diagnoses of a phone that has stopped where a start would take it further. All others have a cause
 * that a restart leaves as it is: a file that is missing, a wrong `from`, a firewall, a loop.
 */
const HELPED_BY_A_START: ReadonlySet<string> = new Set([
  'no-reboot',
  'not-confirmed',
  'went-silent',
  'transfer-silent',
  'loader-gave-up',
])

/** How often a phone is restarted for one reason: what three restarts do not change needs an operator. */
export const MOST_ATTEMPTS = 3

/** Pauses after a restart that changed nothing, in phone time. A chain takes six minutes at most. */
const PAUSES_MS = [300_000, 900_000] as const

/** A phone that was seen starting or fetching may be on its way by itself; in phone time. */
const QUIET_MS = 30_000

/** How often is looked again at a phone that cannot be restarted at the moment. */
const LOOK_AGAIN_MS = 1_000

/**
 * Why the phone of a conversion has to be restarted, as a text that is the same as long as the reason is;
 * null if no restart is needed.
 */
export function restartReasonOf(conversion: Conversion): string | null {
  const { state, step, steps, refused, diagnosis, restart } = conversion
  const stage = steps[step]?.stage
  if (restart === 'manual' || state === 'confirmed' || state === 'cancelled') return null
  const at = `${conversion.startedAtMs}/${refused.length}/${step}`
  if (stage === 'waiting') return `${at}/waiting`
  const code = state === 'stalled' ? (diagnosis?.code ?? '') : ''
  return HELPED_BY_A_START.has(code) ? `${at}/${code}` : null
}

type Pending = {
  readonly reason: string
  /** Restarts that were begun for it. */
  attempts: number
  /** Not before this time; infinite while a restart is under way, and when there were enough. */
  notBeforeMs: number
}

/**
 * Restarts the phones of conversions where a step needs that: when a conversion begins, between two
 * steps, and when a phone has stopped where a start takes it further.
 *
 * One restart for one reason, and after a pause again where it changed nothing, three times at most.
 * It owns no clock and stores nothing: after a restart of the appliance the stored conversions say
 * again which phones wait, and each has its three attempts again.
 */
export class AutoRestarts {
  readonly #around: AutoRestartSurroundings
  readonly #pace: RestartPace
  readonly #pending = new Map<Mac, Pending>()

  constructor(around: AutoRestartSurroundings) {
    this.#around = around
    this.#pace = new RestartPace(around.time)
  }

  /** A conversion has changed, or was there when the appliance started. */
  onConversion(conversion: Conversion, nowMs: number): void {
    const { mac } = conversion
    const reason = restartReasonOf(conversion)
    if (reason === null) this.#pending.delete(mac)
    else if (this.#pending.get(mac)?.reason !== reason) {
      this.#pending.set(mac, { reason, attempts: 0, notBeforeMs: nowMs })
    }
  }

  /** The restart of a phone is over, whatever started it. */
  onEnded(mac: Mac, nowMs: number): void {
    const pending = this.#pending.get(mac)
    if (pending === undefined) return
    const pauseMs = PAUSES_MS[pending.attempts - 1]
    // One by hand is no attempt of ours, and one that helped has changed the reason by now.
    if (pending.attempts === 0) pending.notBeforeMs = nowMs + this.#clock(QUIET_MS)
    else if (pauseMs !== undefined) pending.notBeforeMs = nowMs + this.#clock(pauseMs)
  }

  /** A phone is no longer enrolled. */
  forget(mac: Mac): void {
    this.#pending.delete(mac)
  }

  /**
   * Begins the restarts that are due.
   *
   * @returns When to call again; null where nothing is waited for.
   */
  onWake(nowMs: number): number | null {
    let nextAtMs = Number.POSITIVE_INFINITY
    for (const [mac, pending] of this.#pending) {
      if (this.#isDue(mac, pending, nowMs)) this.#try(mac, pending, nowMs)
      nextAtMs = Math.min(nextAtMs, pending.notBeforeMs)
    }
    if (!Number.isFinite(nextAtMs)) return null
    return Math.max(nextAtMs, nowMs + LOOK_AGAIN_MS)
  }

  #isDue(mac: Mac, { notBeforeMs }: Pending, nowMs: number): boolean {
    const seenMs = this.#around.lastSeenMs(mac)
    const isQuiet = seenMs === null || nowMs - seenMs >= this.#clock(QUIET_MS)
    return isQuiet && notBeforeMs <= nowMs && this.#pace.allows(this.#networkOf(mac), nowMs)
  }

  #try(mac: Mac, pending: Pending, nowMs: number): void {
    if (this.#around.order(mac, nowMs) !== 'begun') return
    this.#pace.count(this.#networkOf(mac), nowMs)
    pending.attempts++
    pending.notBeforeMs = Number.POSITIVE_INFINITY
  }

  #networkOf(mac: Mac): string {
    return this.#around.networkOf(mac) ?? ''
  }

  #clock(phoneMs: number): number {
    return clockMs(this.#around.time, phoneMs)
  }
}
