import type { CachedFile } from '../files/file-cache.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Terms } from './negotiate-options.ts'
import type { ReadTransfer } from './read-transfer.ts'

/** Bounds of the table. */
export type TransferLimits = {
  /** A phone runs two at once. */
  readonly maxTransfersPerClient: number
  readonly maxTransfers: number
}

/** A transfer under way and what it is about. */
export type RunningTransfer = {
  readonly transfer: ReadTransfer
  readonly requestedName: string
  /** The canonical name. */
  readonly name: string
  readonly file: CachedFile
  /** Octets that will travel. */
  readonly sizeBytes: number
  readonly terms: Terms
  readonly startedAtMs: number
  progressAtMs: number
}

/** How long a pair of ports is known after its transfer. */
const LINGER_MS = 5000
/** Pairs of ports that are known after their transfer, at most. */
const MAX_ENDED = 4096

/**
 * The transfers under way, found by the client's address and port: phones reuse ports, and run
 * several transfers at once. Bounded; where it is full, the oldest that was never acknowledged has
 * to go, so that a flood of requests that nobody stands behind cannot lock phones out.
 */
export class TransferTable {
  readonly #limits: TransferLimits
  readonly #running = new Map<number, RunningTransfer>()
  /** Those that were never acknowledged, oldest first. */
  readonly #unacknowledged = new Map<number, RunningTransfer>()
  readonly #perClient = new Map<Ipv4, number>()
  /** When a pair of ports ended its transfer. */
  readonly #endedAtMs = new Map<number, number>()
  /** The pairs in there, in the order of their ends, from `#endedNext` on and around. */
  readonly #ended = new Float64Array(MAX_ENDED).fill(-1)
  #endedNext = 0

  constructor(limits: TransferLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#running.size
  }

  find(client: Ipv4, clientPort: number): RunningTransfer | undefined {
    return this.#running.get(keyOf(client, clientPort))
  }

  values(): IterableIterator<RunningTransfer> {
    return this.#running.values()
  }

  /** Whether the client may begin one more, perhaps in the place of `displaceable`. */
  hasRoomFor(client: Ipv4): boolean {
    if ((this.#perClient.get(client) ?? 0) >= this.#limits.maxTransfersPerClient) return false
    return this.#running.size < this.#limits.maxTransfers || this.#unacknowledged.size > 0
  }

  /** The transfer that has to go before the next one is added; undefined while there is room. */
  displaceable(): RunningTransfer | undefined {
    if (this.#running.size < this.#limits.maxTransfers) return undefined
    const [oldest] = this.#unacknowledged.values()
    return oldest
  }

  /** Adds a transfer; the caller has asked `hasRoomFor` and removed what was displaceable. */
  add(running: RunningTransfer): void {
    const { client, clientPort } = running.transfer.peer
    const key = keyOf(client, clientPort)
    this.#running.set(key, running)
    this.#unacknowledged.set(key, running)
    this.#perClient.set(client, (this.#perClient.get(client) ?? 0) + 1)
  }

  /** The client has acknowledged something: the transfer cannot be displaced any more. */
  confirm({ transfer: { peer } }: RunningTransfer): void {
    this.#unacknowledged.delete(keyOf(peer.client, peer.clientPort))
  }

  /** Takes out a transfer that is in the table. */
  remove({ transfer: { peer } }: RunningTransfer, nowMs: number): void {
    const key = keyOf(peer.client, peer.clientPort)
    this.#running.delete(key)
    this.#unacknowledged.delete(key)
    const others = (this.#perClient.get(peer.client) as number) - 1
    if (others > 0) this.#perClient.set(peer.client, others)
    else this.#perClient.delete(peer.client)
    this.#rememberEnd(key, nowMs)
  }

  /** Whether this pair ended a transfer so recently that packets of it may still be under way. */
  hasJustEnded(client: Ipv4, clientPort: number, nowMs: number): boolean {
    const endedAtMs = this.#endedAtMs.get(keyOf(client, clientPort))
    return endedAtMs !== undefined && nowMs - endedAtMs < LINGER_MS
  }

  #rememberEnd(key: number, nowMs: number): void {
    // A pair that ended twice stands there twice and is forgotten with the first: only a bound.
    this.#endedAtMs.delete(this.#ended[this.#endedNext] as number)
    this.#endedAtMs.set(key, nowMs)
    this.#ended[this.#endedNext] = key
    this.#endedNext = (this.#endedNext + 1) % MAX_ENDED
  }
}

/** One number for address and port: 48 bits, which a double holds exactly. */
function keyOf(client: Ipv4, clientPort: number): number {
  return client * 65_536 + clientPort
}
