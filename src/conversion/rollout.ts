import type { Mac } from '../net/mac.ts'

/** Where a roll-out as a whole stands. The last two are ends. */
export type RolloutState = 'running' | 'paused' | 'stopped' | 'finished'

/**
 * Where one phone of a roll-out stands.
 *
 * - `pending`: its turn has not come; `skipped`: the roll-out stopped before it came.
 * - `waiting`: its conversion has begun, and the phone has not shown itself yet.
 * - `running`, `confirmed`, `cancelled`: as its conversion. `confirmed` without a conversion: it ran
 *   the load when the roll-out began.
 * - `stalled`: its conversion has been stalled for `STALL_WINDOW_MS` in which it did not go on; it is
 *   `running` until then, with the diagnosis as its reason.
 * - `absent`: it did not show itself in time; its conversion was cancelled.
 * - `refused`: its conversion could not begin.
 */
export type RolloutPhoneState =
  | 'pending'
  | 'skipped'
  | 'waiting'
  | 'running'
  | 'confirmed'
  | 'stalled'
  | 'cancelled'
  | 'absent'
  | 'refused'

/** What an operator asks for: which phones, where to, and how carefully. */
export type RolloutRequest = {
  /** In the order in which they are taken; the first `canaries` that have to move are the canaries. */
  readonly phones: readonly Mac[]
  readonly to: string
  /** The load that all of them run now; null where each has shown its own. */
  readonly from: string | null
  readonly path: 'cautious' | 'direct'
  readonly acceptOneWay: boolean
  /** Phones that must all be confirmed before any other begins; 0 for none. */
  readonly canaries: number
  /** Phones under way at a time, 1 or more. */
  readonly waveSize: number
  /** The roll-out stops when so many phones have failed, 1 or more. */
  readonly stopAfter: number
  /** What becomes of phones under way when it stops. */
  readonly onStop: 'finish' | 'cancel'
  /** How long a phone may take to show itself, in milliseconds; null: no limit. */
  readonly appearWithinMs: number | null
  /** Whether a phone that did not show itself has failed, or is only left out. */
  readonly onAbsent: 'fail' | 'skip'
}

/** One phone of a roll-out. */
export type RolloutPhone = {
  readonly mac: Mac
  readonly state: RolloutPhoneState
  /** Why it is where it is, in words; null where that needs none. */
  readonly reason: string | null
  /** Whether it must be confirmed before any phone that is none begins. */
  readonly isCanary: boolean
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  /** Since when its conversion is stalled, as long as that does not count; otherwise null. */
  readonly stalledAtMs: number | null
}

/** Many phones on their way to one load; what is stored and what the API shows. */
export type Rollout = Omit<RolloutRequest, 'phones'> & {
  /** The operator's name for it. */
  readonly id: string
  readonly phones: readonly RolloutPhone[]
  readonly state: RolloutState
  /** Why it was stopped, in words; null while it was not. */
  readonly reason: string | null
  readonly startedAtMs: number
  readonly updatedAtMs: number
  /** Counts changes, from 1. */
  readonly revision: number
}

/** Where roll-outs survive a restart. */
export interface RolloutStore {
  load(): Promise<{ readonly rollouts: readonly Rollout[]; readonly faults: readonly string[] }>
  /** Resolves when all are on disk, all or none; null takes one away. */
  save(changes: ReadonlyMap<string, Rollout | null>): Promise<void>
}

/** How long a phone may be stalled and go on by itself before that counts as a failure. */
export const STALL_WINDOW_MS = 60_000

/**
 * A roll-out as it begins.
 *
 * @param isThere - Whether a phone is proved to run the load already: it has nothing left to do, and
 *   proves nothing about the way there, so it is no canary.
 */
export function rolloutOf(
  id: string,
  request: RolloutRequest,
  nowMs: number,
  isThere: (mac: Mac) => boolean = () => false,
): Rollout {
  const moving = request.phones.filter((mac) => !isThere(mac))
  const canaries = new Set(moving.slice(0, request.canaries))
  const phoneOf = (mac: Mac): RolloutPhone => ({
    mac,
    state: isThere(mac) ? 'confirmed' : 'pending',
    reason: isThere(mac) ? 'it runs the load already' : null,
    isCanary: canaries.has(mac),
    startedAtMs: null,
    endedAtMs: isThere(mac) ? nowMs : null,
    stalledAtMs: null,
  })
  return {
    ...request,
    id,
    phones: request.phones.map(phoneOf),
    state: 'running',
    reason: null,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    revision: 1,
  }
}

/** Whether every canary is confirmed; true where there is none. */
export function isProved({ phones }: Pick<Rollout, 'phones'>): boolean {
  return phones.every(({ isCanary, state }) => !isCanary || state === 'confirmed')
}

/** Whether a roll-out has come to its end. */
export function isEnded({ state }: Pick<Rollout, 'state'>): boolean {
  return state === 'stopped' || state === 'finished'
}

/** Whether the phone takes a place of the wave. */
export function isUnderWay({ state }: Pick<RolloutPhone, 'state'>): boolean {
  return state === 'waiting' || state === 'running'
}

/** Whether what becomes of the phone's conversion still counts here: a stalled one may go on. */
export function isFollowed(phone: Pick<RolloutPhone, 'state'>): boolean {
  return isUnderWay(phone) || phone.state === 'stalled'
}

/** Whether the phone counts against `stopAfter`. */
export function hasFailed(
  { state }: Pick<RolloutPhone, 'state'>,
  { onAbsent }: Pick<RolloutRequest, 'onAbsent'>,
): boolean {
  return state === 'stalled' || state === 'refused' || (state === 'absent' && onAbsent === 'fail')
}

/** Whether two requests are the same: automation repeats itself. */
export function isSameRequest(rollout: Rollout, request: RolloutRequest): boolean {
  const settings = (one: Omit<RolloutRequest, 'phones'>) => [
    one.to,
    one.from,
    one.path,
    one.acceptOneWay,
    one.canaries,
    one.waveSize,
    one.stopAfter,
    one.onStop,
    one.appearWithinMs,
    one.onAbsent,
  ]
  const macs = rollout.phones.map(({ mac }) => mac)
  return (
    JSON.stringify([settings(rollout), macs]) ===
    JSON.stringify([settings(request), request.phones])
  )
}
