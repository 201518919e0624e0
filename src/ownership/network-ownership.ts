import { isUnchanged, type OwnershipRecord } from './ownership-record.ts'
import type { OwnershipLook } from './ownership-store.ts'
import {
  beatEveryMs,
  longestBlinkMs,
  type OwnershipTiming,
  pollEveryMs,
  sureForMs,
  UNFIT_FOR_MS,
} from './ownership-timing.ts'

/**
 * What this appliance may answer on the network at this moment.
 *
 * - `full`: everything; no other appliance can have taken the network.
 * - `repeat`: only what it has promised before, for the time that is left of it; never a NAK.
 * - `none`: nothing at all.
 */
export type Authority = 'full' | 'repeat' | 'none'

/** What the caller must do. Each of the first four is answered exactly once, by its `on…` method. */
export type OwnershipEffect =
  | { readonly kind: 'look' }
  | { readonly kind: 'take'; readonly seen: OwnershipRecord | null }
  | { readonly kind: 'beat'; readonly token: string; readonly clear: boolean }
  | { readonly kind: 'release'; readonly token: string; readonly to: string | null }
  /** Read the leases and conversions of the network; answered by `onLoaded`. */
  | { readonly kind: 'load'; readonly record: OwnershipRecord }
  /** Let the writes under way end; answered by `onDrained`. Transfers may go on to their ends. */
  | { readonly kind: 'drain' }
  /** Forget leases and conversions: another appliance changes them from now on. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'event'; readonly event: OwnershipEvent }

export type OwnershipEvent =
  | { readonly name: 'network.owned'; readonly from: string | null }
  | { readonly name: 'network.blind' }
  | { readonly name: 'network.silent' }
  | { readonly name: 'network.sure' }
  | { readonly name: 'network.lost'; readonly to: string | null }
  | { readonly name: 'network.given-up'; readonly to: string | null; readonly reason: string }

type Follower = {
  readonly kind: 'follower'
  readonly seen: OwnershipLook | null
  /** Since when the record has been seen to stand still, without a break. */
  readonly unchangedSinceMs: number
  /** When the latest look was answered; null where the one after it was not. */
  readonly lookedAtMs: number | null
}

type Owner = {
  readonly kind: 'owner'
  readonly record: OwnershipRecord
  readonly fit: readonly string[]
  /** When the last beat that the database has confirmed was sent. */
  readonly confirmedAtMs: number
  readonly takenAtMs: number
  readonly load: 'due' | 'asked' | 'done'
}

type Leaving = {
  readonly kind: 'leaving'
  readonly token: string
  readonly to: string | null
  readonly reason: string
  readonly isDrained: boolean
}

type State = Follower | Owner | Leaving | { readonly kind: 'ended' }

type Pending = { readonly kind: 'look' | 'take' | 'beat' | 'release'; readonly sentAtMs: number }

/**
 * Who serves one network: a state machine that follows the owner's beat, takes the network over
 * when the beat has stopped, and as owner knows how long it may answer without asking.
 *
 * It owns no socket and no clock. Every method takes the time of the machine's *monotonic* clock
 * in milliseconds and returns effects; one database request is under way at a time. The caller
 * wakes it at `wakeAtMs`. `authority` is computed from the time alone: a process that was frozen
 * has lost its authority before it can answer with it.
 *
 * Promises: two appliances never have authority `full` at once while their clocks run at rates
 * that differ by less than a twentieth; `repeat` ends `repeatForMs` after the last confirmed beat.
 */
export class NetworkOwnership {
  readonly #self: string
  readonly #timing: OwnershipTiming
  #state: State
  #pending: Pending | null = null
  #nextAtMs: number
  #unfitSinceMs: number | null = null
  /** Something has changed since the look or beat that is under way was sent. */
  #isHinted = false
  /** The authority of which the log has been told; null until this ownership was complete once. */
  #reported: Authority | null = null

  constructor(self: string, timing: OwnershipTiming, nowMs: number) {
    this.#self = self
    this.#timing = timing
    this.#state = { kind: 'follower', seen: null, unchangedSinceMs: nowMs, lookedAtMs: null }
    this.#nextAtMs = nowMs
  }

  authority(nowMs: number): Authority {
    const state = this.#state
    if (state.kind !== 'owner' || state.load !== 'done') return 'none'
    const silentForMs = nowMs - state.confirmedAtMs
    if (silentForMs < sureForMs(this.#timing)) return 'full'
    return silentForMs < this.#timing.repeatForMs ? 'repeat' : 'none'
  }

  /** The name of the owner as far as it is known here; null if there is none. */
  get owner(): string | null {
    const state = this.#state
    if (state.kind === 'owner') return this.#self
    return state.kind === 'follower' ? (state.seen?.record?.owner ?? null) : null
  }

  /** The token that every write carries; null unless this appliance is the owner. */
  get token(): string | null {
    return this.#state.kind === 'owner' ? this.#state.record.token : null
  }

  /** Another appliance that serves the network, but not as it is configured here; null if none. */
  get differsFrom(): string | null {
    const state = this.#state
    if (state.kind !== 'follower' || state.seen?.differs !== true) return null
    return state.seen.record?.owner ?? null
  }

  /** Whether an earlier owner may still repeat its promises: addresses are not given to others. */
  get isUnclean(): boolean {
    return this.#state.kind === 'owner' && this.#state.record.isUnclean
  }

  /** When `onWake` is due; infinite once it has ended. */
  get wakeAtMs(): number {
    return this.#state.kind === 'ended' ? Number.POSITIVE_INFINITY : this.#nextAtMs
  }

  /** Whether it was stopped and has nothing to do any more. */
  get isOver(): boolean {
    return this.#state.kind === 'ended'
  }

  /** Whether a request is under way, so that `onWake` would ask nothing. */
  get isAsking(): boolean {
    return this.#pending !== null
  }

  onWake(nowMs: number): OwnershipEffect[] {
    const reported = this.#reportAuthority(nowMs)
    if (nowMs < this.#nextAtMs || this.#pending !== null) return reported
    const state = this.#state
    if (state.kind === 'follower') return [...reported, this.#ask({ kind: 'look' }, nowMs)]
    if (state.kind !== 'owner') return reported
    if (state.load === 'due') return [...reported, ...this.#loadAndBeat(state, nowMs)]
    return [...reported, this.#ask(this.#beatOf(state, nowMs), nowMs)]
  }

  /** Null: the database did not answer. */
  onLook(look: OwnershipLook | null, nowMs: number): OwnershipEffect[] {
    this.#pending = null
    this.#nextAtMs = this.#isHinted ? nowMs : nowMs + pollEveryMs(this.#timing)
    this.#isHinted = false
    const state = this.#state
    if (state.kind !== 'follower') return []
    if (look === null) {
      this.#state = { ...state, lookedAtMs: null }
      return []
    }
    const unchangedSinceMs = this.#hasStoodStill(state, look, nowMs)
      ? state.unchangedSinceMs
      : nowMs
    this.#state = { kind: 'follower', seen: look, unchangedSinceMs, lookedAtMs: nowMs }
    if (!this.#mayTake(look, nowMs - unchangedSinceMs)) return []
    return [this.#ask({ kind: 'take', seen: look.record }, nowMs)]
  }

  /** Null: another appliance was faster. `failed`: the outcome is unknown, and the next look tells. */
  onTaken(answer: OwnershipRecord | null | 'failed', nowMs: number): OwnershipEffect[] {
    const sentAtMs = this.#pending?.sentAtMs ?? nowMs
    this.#pending = null
    const state = this.#state
    if (state.kind !== 'follower') return this.#giveBack(answer, nowMs)
    this.#nextAtMs = nowMs + pollEveryMs(this.#timing)
    if (answer === null || answer === 'failed') {
      this.#state = { ...state, unchangedSinceMs: nowMs }
      return []
    }
    const from = state.seen?.record?.owner ?? null
    const fit = state.seen?.fit ?? []
    const times = { confirmedAtMs: sentAtMs, takenAtMs: nowMs }
    this.#reported = null
    const owner: Owner = { kind: 'owner', record: answer, fit, ...times, load: 'due' }
    const loading = this.#loadAndBeat(owner, nowMs)
    return [{ kind: 'event', event: { name: 'network.owned', from } }, ...loading]
  }

  /** False: it could not be read and is tried again. */
  onLoaded(isLoaded: boolean, nowMs: number): OwnershipEffect[] {
    if (this.#state.kind !== 'owner' || this.#state.load !== 'asked') return []
    this.#state = { ...this.#state, load: isLoaded ? 'done' : 'due' }
    if (!isLoaded) this.#nextAtMs = nowMs + LOAD_AGAIN_MS
    return this.#reportAuthority(nowMs)
  }

  /** Null: the token is no longer the one of the row. `failed`: the database did not answer. */
  onBeat(answer: OwnershipLook | null | 'failed', nowMs: number): OwnershipEffect[] {
    const sentAtMs = this.#pending?.sentAtMs ?? nowMs
    this.#pending = null
    const state = this.#state
    const isDue = state.kind === 'owner' && state.load === 'due'
    const nextBeatAtMs = Math.max(nowMs + 50, isDue ? 0 : sentAtMs + beatEveryMs(this.#timing))
    this.#nextAtMs = this.#isHinted ? nowMs : nextBeatAtMs
    this.#isHinted = false
    if (state.kind !== 'owner' || answer === 'failed') return this.#afterBeat(nowMs)
    if (answer === null || answer.record === null) return this.#lose(null, nowMs)
    const { record, fit } = answer
    const owner: Owner = { ...state, record, fit, confirmedAtMs: sentAtMs }
    this.#state = owner
    return [...this.#reportAuthority(nowMs), ...this.#leaveIfAsked(owner, nowMs)]
  }

  /** Call when the writes under way have ended, or their time is over. */
  onDrained(nowMs: number): OwnershipEffect[] {
    if (this.#state.kind !== 'leaving') return []
    this.#state = { ...this.#state, isDrained: true }
    return this.#releaseIfDrained(nowMs)
  }

  /** Whatever became of it: if the database has not heard, the beat has stopped all the same. */
  onReleased(nowMs: number): OwnershipEffect[] {
    const state = this.#state
    this.#pending = null
    if (state.kind !== 'leaving') return []
    const event = { name: 'network.given-up', to: state.to, reason: state.reason } as const
    this.#follow(nowMs)
    if (state.reason === STOPPED) this.#state = { kind: 'ended' }
    return [{ kind: 'drop' }, { kind: 'event', event }]
  }

  /** The row is said to have changed: it is looked at without waiting for the next look. */
  onHint(nowMs: number): void {
    if (this.#state.kind === 'ended' || this.#state.kind === 'leaving') return
    this.#isHinted = this.#pending?.kind === 'look' || this.#pending?.kind === 'beat'
    this.#nextAtMs = nowMs
  }

  /** A write of ours was refused: the token is no longer the one of the row. */
  onRefused(nowMs: number): OwnershipEffect[] {
    return this.#state.kind === 'owner' ? this.#lose(null, nowMs) : []
  }

  /** Whether this appliance could serve the network: interface, address and sockets are there. */
  setFit(isFit: boolean, nowMs: number): void {
    if (isFit) this.#unfitSinceMs = null
    else this.#unfitSinceMs ??= nowMs
  }

  /** The appliance stops: gives the network up if it has it. */
  stop(nowMs: number): OwnershipEffect[] {
    const state = this.#state
    if (state.kind === 'owner') {
      return this.#leave({ token: state.record.token, to: null, reason: STOPPED }, nowMs)
    }
    if (state.kind === 'follower') this.#state = { kind: 'ended' }
    return []
  }

  /**
   * Whether the record was seen to stand still since the look before. A follower that could not look
   * for a while, because the database was away or the process was frozen, has seen nothing: the
   * database may have been away for the owner too, and that one comes back first.
   */
  #hasStoodStill(state: Follower, look: OwnershipLook, nowMs: number): boolean {
    const { seen, lookedAtMs } = state
    if (seen === null || lookedAtMs === null) return false
    if (nowMs - lookedAtMs > longestBlinkMs(this.#timing)) return false
    return areSame(seen.record, look.record)
  }

  #mayTake({ record, differs }: OwnershipLook, unchangedForMs: number): boolean {
    if (this.#unfitSinceMs !== null) return false
    if (record === null) return true
    if (differs === true && record.owner !== null && record.owner !== this.#self) return false
    const isOffered = record.wanted === null || record.wanted === this.#self
    if (record.owner === null && isOffered) return true
    return unchangedForMs >= this.#timing.takeoverAfterMs
  }

  #ask<E extends OwnershipEffect & Pick<Pending, 'kind'>>(effect: E, nowMs: number): E {
    this.#pending = { kind: effect.kind, sentAtMs: nowMs }
    return effect
  }

  #beatOf(state: Owner, nowMs: number): OwnershipEffect & { readonly kind: 'beat' } {
    const isOver = nowMs - state.takenAtMs >= this.#timing.repeatForMs
    return { kind: 'beat', token: state.record.token, clear: state.record.isUnclean && isOver }
  }

  /** It beats while it loads: reading 50,000 leases must not cost the network. */
  #loadAndBeat(state: Owner, nowMs: number): OwnershipEffect[] {
    this.#state = { ...state, load: 'asked' }
    const beat = this.#ask(this.#beatOf(state, nowMs), nowMs)
    return [{ kind: 'load', record: state.record }, beat]
  }

  #afterBeat(nowMs: number): OwnershipEffect[] {
    if (this.#state.kind === 'leaving') return this.#releaseIfDrained(nowMs)
    return this.#reportAuthority(nowMs)
  }

  #releaseIfDrained(nowMs: number): OwnershipEffect[] {
    const state = this.#state
    if (state.kind !== 'leaving' || !state.isDrained || this.#pending !== null) return []
    return [this.#ask({ kind: 'release', token: state.token, to: state.to }, nowMs)]
  }

  #leaveIfAsked({ record, fit }: Owner, nowMs: number): OwnershipEffect[] {
    const { token, wanted } = record
    if (wanted !== null && wanted !== this.#self) {
      return this.#leave({ token, to: wanted, reason: `handed over to ${wanted}` }, nowMs)
    }
    const isUnfit = this.#unfitSinceMs !== null && nowMs - this.#unfitSinceMs >= UNFIT_FOR_MS
    const [other] = fit.filter((name) => name !== this.#self)
    if (!isUnfit || other === undefined) return []
    const reason = `cannot serve here, and ${other} can`
    return this.#leave({ token, to: other, reason }, nowMs)
  }

  #leave(going: Pick<Leaving, 'token' | 'to' | 'reason'>, nowMs: number): OwnershipEffect[] {
    this.#state = { kind: 'leaving', ...going, isDrained: false }
    this.#nextAtMs = nowMs + pollEveryMs(this.#timing)
    return [{ kind: 'drain' }]
  }

  #lose(to: string | null, nowMs: number): OwnershipEffect[] {
    this.#follow(nowMs)
    return [{ kind: 'drop' }, { kind: 'event', event: { name: 'network.lost', to } }]
  }

  #follow(nowMs: number): void {
    this.#state = { kind: 'follower', seen: null, unchangedSinceMs: nowMs, lookedAtMs: null }
    this.#nextAtMs = nowMs
  }

  /** A take that came back after `stop`: no network is served with it. */
  #giveBack(answer: OwnershipRecord | null | 'failed', nowMs: number): OwnershipEffect[] {
    if (answer === null || answer === 'failed') return []
    return [this.#ask({ kind: 'release', token: answer.token, to: null }, nowMs)]
  }

  /** Tells each change of authority once, as it is noticed; the first is told by `owned`. */
  #reportAuthority(nowMs: number): OwnershipEffect[] {
    if (this.#state.kind !== 'owner' || this.#state.load !== 'done') return []
    const authority = this.authority(nowMs)
    if (authority === this.#reported) return []
    const isFirst = this.#reported === null && authority === 'full'
    this.#reported = authority
    return isFirst ? [] : [{ kind: 'event', event: { name: EVENT_OF[authority] } }]
  }
}

const LOAD_AGAIN_MS = 200
const STOPPED = 'the appliance stops'
const EVENT_OF = { full: 'network.sure', repeat: 'network.blind', none: 'network.silent' } as const

function areSame(a: OwnershipRecord | null, b: OwnershipRecord | null): boolean {
  if (a === null || b === null) return a === b
  return isUnchanged(a, b)
}
