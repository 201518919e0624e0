import type { Mac } from '../../net/mac.ts'
import type { RestartEvent, RestartReason, RestartSighting } from './events.ts'
import type { RestartMethodName, SendOutcome } from './method.ts'
import type { RestartEffect } from './restart-effect.ts'
import { methodStates, type RestartFacts, targetFrom } from './restart-facts.ts'

/** How long a restart is waited for after the order, in phone time. CME log: 13 s until a phone asks again. */
const SEEN_WITHIN_MS = 60_000
/** The same after a power cycle, which begins with a cold boot. */
const SEEN_AFTER_POE_MS = 120_000
/** However fast phones are: networks and switches are as slow as ever. */
const LEAST_WINDOW_MS = 5_000
/** A method has an outcome within this time, sending included; 130 s are promised. */
export const METHOD_WITHIN_MS = 128_000
/** A chain has one within this time; 6 minutes are promised. */
export const CHAIN_WITHIN_MS = 355_000

/** What a chain is begun with. */
export type ChainRequest = {
  readonly mac: Mac
  readonly why: RestartReason
  /** The one method to use; null: each that can be used, in order, until one helps. */
  readonly named: RestartMethodName | null
}

/** What a chain is given besides. */
export type ChainSurroundings = {
  /** Read again before each method; undefined where the phone is no longer enrolled. */
  readonly facts: (nowMs: number) => RestartFacts | undefined
  /** Whether the phone fetches something, or writes what it fetched: then no method is begun. */
  readonly isBusy: (nowMs: number) => boolean
  readonly nextAttempt: () => number
  /** How many times faster than real phones. */
  readonly speed: number
}

type Attempt = {
  readonly number: number
  readonly method: RestartMethodName
  readonly beganAtMs: number
  /** When the order had left; null while it is being sent. */
  sentAtMs: number | null
  /** Until when its outcome is waited for. */
  deadlineMs: number
  /** What was seen while it was being sent. */
  early: RestartSighting | null
}

/**
 * The methods tried on one phone, one after the other, each once.
 *
 * It owns no clock and sends nothing: each method takes the time and returns what is to be done.
 */
export class RestartChain {
  readonly #request: ChainRequest
  readonly #around: ChainSurroundings
  readonly #deadlineMs: number
  readonly #tried: RestartMethodName[] = []
  #attempt: Attempt | null = null
  #effects: RestartEffect[] = []

  /** @param nowMs - The six minutes of the chain count from here. */
  constructor(request: ChainRequest, around: ChainSurroundings, nowMs: number) {
    this.#request = request
    this.#around = around
    this.#deadlineMs = nowMs + CHAIN_WITHIN_MS
  }

  /** The method under way; null before `begin` and after the end. */
  get method(): RestartMethodName | null {
    return this.#attempt?.method ?? null
  }

  /** When `onWake` has something to do; null after the end. */
  get wakeAtMs(): number | null {
    return this.#attempt?.deadlineMs ?? null
  }

  /** The number of the attempt under way. */
  get attempt(): number | null {
    return this.#attempt?.number ?? null
  }

  /** Begins with the first method that can be used; the caller has made sure that there is one. */
  begin(nowMs: number): readonly RestartEffect[] {
    this.#next(nowMs)
    return this.#take()
  }

  /** The order of the attempt under way has left, or has not. */
  onSent(outcome: SendOutcome, nowMs: number): readonly RestartEffect[] {
    const attempt = this.#attempt
    if (attempt === null || attempt.sentAtMs !== null) return []
    if (outcome.kind === 'failed') {
      this.#fail(attempt, outcome.reason, nowMs)
      return this.#take()
    }
    const { mac, why } = this.#request
    this.#report({ event: 'phone.restart.sent', mac, method: attempt.method, why }, nowMs)
    attempt.sentAtMs = nowMs
    attempt.deadlineMs = Math.min(attempt.deadlineMs, nowMs + this.#windowMs(attempt.method))
    if (attempt.early !== null) this.#see(attempt, attempt.early, nowMs)
    return this.#take()
  }

  /** The phone has shown that it started. */
  onSeen(sighting: RestartSighting, nowMs: number): readonly RestartEffect[] {
    const attempt = this.#attempt
    if (attempt === null) return []
    if (attempt.sentAtMs === null) attempt.early ??= sighting
    else this.#see(attempt, sighting, nowMs)
    return this.#take()
  }

  /** Time has passed. */
  onWake(nowMs: number): readonly RestartEffect[] {
    const attempt = this.#attempt
    if (attempt === null || nowMs < attempt.deadlineMs) return []
    if (attempt.sentAtMs === null) {
      this.#effects.push({ kind: 'abort', attempt: attempt.number })
      this.#fail(attempt, 'it was not done in time', nowMs)
    } else {
      const seconds = Math.round((nowMs - attempt.sentAtMs) / 1000)
      const hint = attempt.method === 'poe' ? '; perhaps the phone has a power adapter' : ''
      this.#fail(attempt, `no restart was seen within ${seconds} s${hint}`, nowMs)
    }
    return this.#take()
  }

  /** Ends it from outside: the phone is gone, or the appliance stops. */
  stop(reason: string, nowMs: number): readonly RestartEffect[] {
    const attempt = this.#attempt
    if (attempt === null) return []
    if (attempt.sentAtMs === null) this.#effects.push({ kind: 'abort', attempt: attempt.number })
    this.#reportFailed(attempt, reason, nowMs)
    this.#end('failed', nowMs)
    return this.#take()
  }

  #next(nowMs: number): void {
    const { named } = this.#request
    const facts = this.#around.facts(nowMs)
    const next = facts === undefined ? undefined : this.#usable(facts)
    const isLate = nowMs >= this.#deadlineMs - LEAST_WINDOW_MS
    const isOver = named !== null && this.#tried.length > 0
    if (facts === undefined || next === undefined || isOver || isLate || this.#isHeldUp(nowMs)) {
      this.#end('failed', nowMs)
      return
    }
    this.#tried.push(next)
    this.#attempt = {
      number: this.#around.nextAttempt(),
      method: next,
      beganAtMs: nowMs,
      sentAtMs: null,
      deadlineMs: Math.min(nowMs + METHOD_WITHIN_MS, this.#deadlineMs),
      early: null,
    }
    const { number: attempt } = this.#attempt
    this.#effects.push({ kind: 'send', attempt, method: next, target: targetFrom(facts) })
  }

  /** A phone that fetches something after a failed method is not interrupted. */
  #isHeldUp(nowMs: number): boolean {
    return this.#tried.length > 0 && this.#around.isBusy(nowMs)
  }

  #usable(facts: RestartFacts): RestartMethodName | undefined {
    const { named } = this.#request
    return methodStates(facts).find(
      ({ method, reason }) =>
        reason === null && (named === null || method === named) && !this.#tried.includes(method),
    )?.method
  }

  #windowMs(method: RestartMethodName): number {
    const phoneMs = method === 'poe' ? SEEN_AFTER_POE_MS : SEEN_WITHIN_MS
    return Math.max(LEAST_WINDOW_MS, phoneMs / this.#around.speed)
  }

  #see(attempt: Attempt, sighting: RestartSighting, nowMs: number): void {
    const { mac } = this.#request
    const seconds = Math.round((nowMs - attempt.beganAtMs) / 1000)
    const resetCode = sighting.kind === 'alarm' ? sighting.code : null
    const { method } = attempt
    const reported = { mac, method, by: sighting.kind, resetCode, seconds }
    this.#report({ event: 'phone.restart.seen', ...reported }, nowMs)
    this.#end('seen', nowMs)
  }

  #fail(attempt: Attempt, reason: string, nowMs: number): void {
    this.#reportFailed(attempt, reason, nowMs)
    // It started while the order was being sent: whatever caused that, there is nothing left to do.
    if (attempt.early !== null) this.#end('seen', nowMs)
    else this.#next(nowMs)
  }

  #reportFailed({ method }: Attempt, reason: string, nowMs: number): void {
    this.#report({ event: 'phone.restart.failed', mac: this.#request.mac, method, reason }, nowMs)
  }

  #end(outcome: 'seen' | 'failed', nowMs: number): void {
    this.#attempt = null
    const { mac, why } = this.#request
    this.#report({ event: 'phone.restart.ended', mac, outcome, methods: this.#tried, why }, nowMs)
    this.#effects.push({ kind: 'ended', mac, outcome })
  }

  #report(event: RestartEvent, atMs: number): void {
    this.#effects.push({ kind: 'event', event, atMs })
  }

  #take(): readonly RestartEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}
