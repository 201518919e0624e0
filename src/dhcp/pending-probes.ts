import type { Binding } from '../leases/binding.ts'
import type { Choice } from '../leases/lease-decision.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { DhcpEffect } from './effect.ts'
import { type Exchange, keptExchange } from './exchange.ts'

/** How long the wire has to answer. Phones wait four seconds for an OFFER. */
const PROBE_WAIT_MS = 500

/** After the wait: when the result is no longer expected, and the client is answered without it. */
const SLACK_MS = 500

/** How many clients may wait at a time: a bound on memory and on packets that we send. */
const MAX_PENDING = 256

/** What the wire is asked for: a free address, or a silent client's. */
export type ProbeSubject =
  | { readonly kind: 'offer'; readonly choice: Choice }
  | { readonly kind: 'reclaim'; readonly binding: Binding }

/** A DISCOVER that waits for the wire. */
export type PendingProbe = {
  readonly address: Ipv4
  readonly subject: ProbeSubject
  readonly exchange: Exchange
  /** From 1: how many addresses were tried for this DISCOVER. */
  readonly round: number
  readonly deadlineAtMs: number
}

/** The DISCOVERs that wait while the wire is asked for an address; other clients go on. */
export class PendingProbes {
  readonly #byAddress = new Map<Ipv4, PendingProbe>()

  get isFull(): boolean {
    return this.#byAddress.size >= MAX_PENDING
  }

  /** The probe that a client waits for. Few wait at a time, so a look at each is cheap. */
  of(exchange: Exchange): PendingProbe | undefined {
    for (const pending of this.#byAddress.values()) {
      const { client, scope } = pending.exchange
      if (client.key === exchange.client.key && scope.name === exchange.scope.name) return pending
    }
    return undefined
  }

  /** Begins to wait; the exchange is copied. */
  begin(exchange: Exchange, subject: ProbeSubject, round: number): readonly DhcpEffect[] {
    const { scope, facts, nowMs } = exchange
    const { address } = subject.kind === 'offer' ? subject.choice : subject.binding
    const deadlineAtMs = nowMs + PROBE_WAIT_MS + SLACK_MS
    const kept = keptExchange(exchange)
    this.#byAddress.set(address, { address, subject, exchange: kept, round, deadlineAtMs })
    const isReclaim = subject.kind === 'reclaim'
    return [
      { kind: 'probe', address, interfaceName: scope.interfaceName, waitMs: PROBE_WAIT_MS },
      { kind: 'wake', atMs: deadlineAtMs },
      { kind: 'event', event: { event: 'dhcp.discover.probing', ...facts, address, isReclaim } },
    ]
  }

  /** The client has asked again: the answer goes to its latest message. */
  renew(pending: PendingProbe, exchange: Exchange): readonly DhcpEffect[] {
    const { address, subject } = pending
    this.#byAddress.set(address, { ...pending, exchange: keptExchange(exchange) })
    const { facts } = exchange
    const isReclaim = subject.kind === 'reclaim'
    return [
      { kind: 'event', event: { event: 'dhcp.discover.probing', ...facts, address, isReclaim } },
    ]
  }

  /** Ends the wait for an address, if a client waits for it on that interface. */
  take(address: Ipv4, interfaceName: string | null): PendingProbe | undefined {
    const pending = this.#byAddress.get(address)
    if (pending?.exchange.scope.interfaceName !== interfaceName) return undefined
    this.#byAddress.delete(address)
    return pending
  }

  /** Ends the waits that will get no answer any more. */
  takeOverdue(nowMs: number): readonly PendingProbe[] {
    const overdue = [...this.#byAddress.values()].filter((p) => p.deadlineAtMs <= nowMs)
    for (const { address } of overdue) this.#byAddress.delete(address)
    return overdue
  }

  /** Ends all waits unanswered; the clients ask again. */
  clear(): void {
    this.#byAddress.clear()
  }
}
