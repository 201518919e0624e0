import type { DhcpEffect } from '../../dhcp/effect.ts'
import type { LeaseChange } from '../../leases/binding.ts'
import type { StartTimer } from '../../services/start-timer.ts'

/** Effects that wait for their changes to be stored. */
type Waiting = {
  readonly changes: readonly LeaseChange[]
  readonly rest: readonly DhcpEffect[]
  readonly sinceMs: number
}

/** How a lane stores, and what it does then. */
export type CommitLanePorts = {
  /** Resolves when every change is stored. */
  readonly commit: (changes: readonly LeaseChange[]) => Promise<void>
  /** Carries out what waited for a change. */
  readonly run: (effects: readonly DhcpEffect[]) => void
  readonly onGroupDone: () => void
  readonly onCommitFailed: (error: unknown, lost: number) => void
  /**
   * Whether the store is so far away that a group is sent before the one in front of it is answered.
   * Such a store carries them out in the order in which they were sent.
   */
  readonly isFar: () => boolean
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: () => number
  readonly startTimer: StartTimer
}

/**
 * A reply this old, in milliseconds, is not sent where others may serve by now. A 7940 was captured
 * that uses one xid, its last four MAC bytes, at every boot: an ACK that a frozen process held back
 * would answer a later REQUEST, and the phone would count its lease from there.
 */
const STALE_MS = 4000

/**
 * So far apart, in milliseconds, groups leave for a store that is far away: what comes in meanwhile
 * shares a group, and nobody waits for a whole round trip before it is sent.
 */
const APART_MS = 5

/** So many groups may be under way to a store that is far away. */
const MAX_GROUPS = 4

/**
 * One queue of changes with group commit: the changes of all messages that come in while a commit is
 * under way are the next one, and what waits for a change leaves when it is stored (RFC 2131
 * section 3.1 step 4). To a store that is far away several groups are under way at once.
 *
 * A failed commit takes with it what waited for it; the clients ask again.
 */
export class CommitLane {
  readonly #ports: CommitLanePorts
  readonly #dropsStale: boolean
  #waiting: Waiting[] = []
  #inFlight = 0
  /** Commits under way. */
  #groups = 0
  #sentAtMs = 0
  /** Takes back the sending that is planned; null where none is. */
  #cancel: (() => void) | null = null
  #idlers: (() => void)[] = []

  /** @param dropsStale - Whether replies that waited too long are dropped; their changes stay. */
  constructor(ports: CommitLanePorts, dropsStale: boolean) {
    this.#ports = ports
    this.#dropsStale = dropsStale
  }

  /** Messages that wait for their changes to be stored. */
  get size(): number {
    return this.#waiting.length + this.#inFlight
  }

  /** Stores the changes, then carries out the rest. */
  put(changes: readonly LeaseChange[], rest: readonly DhcpEffect[]): void {
    const sinceMs = this.#dropsStale ? this.#ports.nowMs() : 0
    this.#waiting.push({ changes, rest, sinceMs })
    if (this.#cancel !== null || !this.#maySend()) return
    // Once the event loop has handed over all datagrams that it has.
    const turn = setImmediate(() => this.#sendWhenDue())
    this.#cancel = () => clearImmediate(turn)
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.size > 0) await new Promise<void>((resolve) => this.#idlers.push(resolve))
  }

  /** Whether a group may leave now or soon, beside those that are under way. */
  #maySend(): boolean {
    return this.#groups === 0 || (this.#groups < MAX_GROUPS && this.#ports.isFar())
  }

  #sendWhenDue(): void {
    const { nowMs, startTimer } = this.#ports
    const earlyMs = this.#groups === 0 ? 0 : this.#sentAtMs + APART_MS - nowMs()
    if (earlyMs > 0) this.#cancel = startTimer(() => this.#sendWhenDue(), earlyMs, true)
    else void this.#sendGroup()
  }

  async #sendGroup(): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    this.#groups += 1
    this.#sentAtMs = this.#ports.nowMs()
    await this.#commitGroup()
    this.#groups -= 1
    if (this.#waiting.length > 0) this.#sendNext()
    else if (this.#inFlight === 0) for (const resolve of this.#idlers.splice(0)) resolve()
  }

  #sendNext(): void {
    if (this.#groups === 0) void this.#sendGroup()
    else if (this.#cancel === null && this.#maySend()) this.#sendWhenDue()
  }

  async #commitGroup(): Promise<void> {
    const group = this.#waiting
    this.#waiting = []
    this.#inFlight += group.length
    try {
      await this.#ports.commit(group.flatMap(({ changes }) => changes))
    } catch (error) {
      this.#ports.onCommitFailed(error, group.length)
      return
    } finally {
      this.#inFlight -= group.length
    }
    const oldestMs = this.#dropsStale ? this.#ports.nowMs() - STALE_MS : 0
    for (const { rest, sinceMs } of group) {
      if (sinceMs >= oldestMs) this.#ports.run(rest)
    }
    this.#ports.onGroupDone()
  }
}
