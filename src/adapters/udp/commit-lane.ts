import type { DhcpEffect } from '../../dhcp/effect.ts'
import type { LeaseChange } from '../../leases/binding.ts'

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
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: () => number
}

/**
 * A reply this old, in milliseconds, is not sent where others may serve by now. A 7940 was captured
 * that uses one xid, its last four MAC bytes, at every boot: an ACK that a frozen process held back
 * would answer a later REQUEST, and the phone would count its lease from there.
 */
const STALE_MS = 4000

/**
 * One queue of changes with group commit: the changes of all messages that come in while a commit is
 * under way are the next one, and what waits for a change leaves when it is stored (RFC 2131
 * section 3.1 step 4).
 *
 * A failed commit takes with it what waited for it; the clients ask again.
 */
export class CommitLane {
  readonly #ports: CommitLanePorts
  readonly #dropsStale: boolean
  #waiting: Waiting[] = []
  #inFlight = 0
  #whenIdle: Promise<void> | undefined

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
    this.#whenIdle ??= this.#commitAll()
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#whenIdle !== undefined) await this.#whenIdle
  }

  async #commitAll(): Promise<void> {
    // Once the event loop has handed over all datagrams that it has.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#commitGroup()
    this.#whenIdle = undefined
  }

  async #commitGroup(): Promise<void> {
    const group = this.#waiting
    this.#waiting = []
    this.#inFlight = group.length
    try {
      await this.#ports.commit(group.flatMap(({ changes }) => changes))
    } catch (error) {
      this.#ports.onCommitFailed(error, group.length)
      return
    } finally {
      this.#inFlight = 0
    }
    const oldestMs = this.#dropsStale ? this.#ports.nowMs() - STALE_MS : 0
    for (const { rest, sinceMs } of group) {
      if (sinceMs >= oldestMs) this.#ports.run(rest)
    }
    this.#ports.onGroupDone()
  }
}
