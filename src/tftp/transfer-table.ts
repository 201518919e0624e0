import type { CachedFile } from '../files/file-cache.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Terms } from './negotiate-options.ts'
import type { ReadTransfer } from './read-transfer.ts'

/** Both ends of a transfer are known by the one that is not ours. */
export type ClientEnd = { readonly client: Ipv4; readonly clientPort: number }

/** What a table keeps of a transfer, whoever runs it. */
export type TableEntry = { readonly peer: ClientEnd }

/** A transfer under way and what it is about. */
export type RunningTransfer = TableEntry & {
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
 * several transfers at once. How many there may be is the business of whoever adds them.
 */
export class TransferTable<Entry extends TableEntry> {
  readonly #running = new Map<number, Entry>()
  /** Those that were never acknowledged, oldest first. */
  readonly #unacknowledged = new Map<number, Entry>()
  readonly #perClient = new Map<Ipv4, number>()
  /** When a pair of ports ended its transfer. */
  readonly #endedAtMs = new Map<number, number>()
  /** The pairs in there, in the order of their ends, from `#endedNext` on and around. */
  readonly #ended = new Float64Array(MAX_ENDED).fill(-1)
  #endedNext = 0

  get size(): number {
    return this.#running.size
  }

  find(end: ClientEnd): Entry | undefined {
    return this.#running.get(keyOf(end))
  }

  values(): IterableIterator<Entry> {
    return this.#running.values()
  }

  /** Transfers of one client. */
  countOf(client: Ipv4): number {
    return this.#perClient.get(client) ?? 0
  }

  /** The oldest transfer that was never acknowledged; undefined where there is none. */
  oldestUnacknowledged(): Entry | undefined {
    const [oldest] = this.#unacknowledged.values()
    return oldest
  }

  /** Adds a transfer whose pair of ports has none. */
  add(entry: Entry): void {
    const { client } = entry.peer
    const key = keyOf(entry.peer)
    this.#running.set(key, entry)
    this.#unacknowledged.set(key, entry)
    this.#perClient.set(client, this.countOf(client) + 1)
  }

  /** The client has acknowledged something: the transfer cannot be displaced any more. */
  confirm({ peer }: Entry): void {
    this.#unacknowledged.delete(keyOf(peer))
  }

  /** Takes out a transfer that is in the table. */
  remove({ peer }: Entry, nowMs: number): void {
    const key = keyOf(peer)
    this.#running.delete(key)
    this.#unacknowledged.delete(key)
    const others = this.countOf(peer.client) - 1
    if (others > 0) this.#perClient.set(peer.client, others)
    else this.#perClient.delete(peer.client)
    this.#rememberEnd(key, nowMs)
  }

  /** Whether this pair ended a transfer so recently that packets of it may still be under way. */
  hasJustEnded(end: ClientEnd, nowMs: number): boolean {
    const endedAtMs = this.#endedAtMs.get(keyOf(end))
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
function keyOf({ client, clientPort }: ClientEnd): number {
  return client * 65_536 + clientPort
}
