import type { Mac } from '../../net/mac.ts'
import type { RestartReason, RestartSighting } from './events.ts'
import type { RestartMethodName, SendOutcome } from './method.ts'
import type { PhoneTransfers } from './phone-transfers.ts'
import { RestartChain } from './restart-chain.ts'
import type { RestartEffect } from './restart-effect.ts'
import { type MethodState, methodStates, type RestartFacts } from './restart-facts.ts'

/** Numbers of an Alarm that say that the phone started: reset by user or phone, Reset, Restart, power-up. */
const STARTED: ReadonlySet<number> = new Set([20, 22, 23, 25])

/** What came of asking for a restart. */
export type RestartOrder =
  | {
      readonly kind: 'begun'
      readonly method: RestartMethodName
      readonly effects: readonly RestartEffect[]
    }
  /** None of the methods, or not the one that was named, can be used. */
  | { readonly kind: 'no-method'; readonly methods: readonly MethodState[] }
  /** It fetches something, or may be writing its flash. */
  | { readonly kind: 'in-transfer'; readonly retryAfterSeconds: number }
  /** It registers again and again: a restart from here would only hide why. */
  | { readonly kind: 'loop' }
  /** A restart of it is under way, by this method. */
  | { readonly kind: 'busy'; readonly method: RestartMethodName }
  | { readonly kind: 'unknown-phone' }

/** What the engine asks. */
export type RestartSurroundings = {
  /** What is known of an enrolled phone; undefined for any other. */
  readonly facts: (mac: Mac, nowMs: number) => RestartFacts | undefined
  readonly transfers: Pick<PhoneTransfers, 'busySeconds'>
  /** How many times faster than real phones; 1 for real ones. */
  readonly speed: number
}

/** Which phone, why, and by which method; null: by each that can be used until one helps. */
export type RestartRequest = {
  readonly mac: Mac
  readonly why: RestartReason
  readonly named: RestartMethodName | null
}

/**
 * Restarts under way, one a phone at most. It owns no socket and no clock: times come in, effects go out.
 *
 * Nothing of it is stored. When the appliance stops, each chain ends as failed; after a crash it is
 * gone, and what the phone does next counts as a start that was not ordered here.
 */
export class Restarts {
  readonly #around: RestartSurroundings
  readonly #chains = new Map<Mac, RestartChain>()
  #attempts = 0

  constructor(around: RestartSurroundings) {
    this.#around = around
  }

  /** The method by which a phone is being restarted; null where it is not. */
  methodOf(mac: Mac): RestartMethodName | null {
    return this.#chains.get(mac)?.method ?? null
  }

  /** Decides whether and how a phone can be restarted now, and begins. */
  order(request: RestartRequest, nowMs: number): RestartOrder {
    const { mac, named } = request
    const under = this.methodOf(mac)
    if (under !== null) return { kind: 'busy', method: under }
    const facts = this.#around.facts(mac, nowMs)
    if (facts === undefined) return { kind: 'unknown-phone' }
    const seconds = this.#around.transfers.busySeconds(mac, nowMs)
    if (seconds !== null) return { kind: 'in-transfer', retryAfterSeconds: seconds }
    if (facts.isLooping && (named === null || named === 'sccp')) return { kind: 'loop' }
    const methods = methodStates(facts)
    const usable = methods.find(
      ({ method, reason }) => reason === null && (named === null || method === named),
    )
    if (usable === undefined) return { kind: 'no-method', methods }
    const chain = new RestartChain(request, this.#surroundingsOf(mac), nowMs)
    this.#chains.set(mac, chain)
    const effects = this.#follow(mac, chain, chain.begin(nowMs))
    return { kind: 'begun', method: usable.method, effects }
  }

  /** An attempt to send has come to its end. */
  onSent(attempt: number, outcome: SendOutcome, nowMs: number): readonly RestartEffect[] {
    for (const [mac, chain] of this.#chains) {
      if (chain.attempt === attempt) return this.#follow(mac, chain, chain.onSent(outcome, nowMs))
    }
    return []
  }

  /** A phone has started, or says why it did. Re-registering alone is no start. */
  onSeen(mac: Mac, sighting: RestartSighting, nowMs: number): readonly RestartEffect[] {
    if (sighting.kind === 'alarm' && !STARTED.has(sighting.code)) return []
    const chain = this.#chains.get(mac)
    return chain === undefined ? [] : this.#follow(mac, chain, chain.onSeen(sighting, nowMs))
  }

  /** Time has passed: to be called as `wake` effects ask for it. */
  onWake(nowMs: number): readonly RestartEffect[] {
    const effects: RestartEffect[] = []
    let nextAtMs = Number.POSITIVE_INFINITY
    for (const [mac, chain] of this.#chains) {
      effects.push(...this.#follow(mac, chain, chain.onWake(nowMs)))
      nextAtMs = Math.min(nextAtMs, chain.wakeAtMs ?? nextAtMs)
    }
    return Number.isFinite(nextAtMs) ? [...effects, { kind: 'wake', atMs: nextAtMs }] : effects
  }

  /** A phone is no longer enrolled. */
  forget(mac: Mac, nowMs: number): readonly RestartEffect[] {
    const chain = this.#chains.get(mac)
    if (chain === undefined) return []
    return this.#follow(mac, chain, chain.stop('the phone is no longer enrolled', nowMs))
  }

  /** The appliance stops: every chain ends. */
  stop(nowMs: number): readonly RestartEffect[] {
    return [...this.#chains].flatMap(([mac, chain]) =>
      this.#follow(mac, chain, chain.stop('the appliance stopped', nowMs)),
    )
  }

  #surroundingsOf(mac: Mac) {
    const { facts, transfers, speed } = this.#around
    return {
      facts: (nowMs: number) => facts(mac, nowMs),
      isBusy: (nowMs: number) => transfers.busySeconds(mac, nowMs) !== null,
      nextAttempt: () => ++this.#attempts,
      speed,
    }
  }

  /** Keeps a chain as long as it goes on, and asks for the time of its next decision. */
  #follow(
    mac: Mac,
    chain: RestartChain,
    effects: readonly RestartEffect[],
  ): readonly RestartEffect[] {
    const { wakeAtMs } = chain
    if (wakeAtMs !== null) return [...effects, { kind: 'wake', atMs: wakeAtMs }]
    if (this.#chains.get(mac) === chain) this.#chains.delete(mac)
    return effects
  }
}
