import type { CachedFile } from '../files/file-cache.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { Terms } from './negotiate-options.ts'
import type { ReadTransfer } from './read-transfer.ts'

/** Both ends of a transfer are known by the one that is not ours. */
export type ClientEnd = { readonly client: Ipv4; readonly clientPort: number }

/** A transfer under way and what it is about. */
export type RunningTransfer = {
  readonly peer: ClientEnd
  readonly transfer: ReadTransfer
  readonly requestedName: string
  /** The canonical name. */
  readonly name: string
  readonly file: CachedFile
  readonly mac: Mac | null
  /** Bytes that will travel. */
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
 * several transfers at once. Its user bounds how many there are.
 *
 * The maps hold numbers alone. V8 writes a map again after some hundred entries that came and went,
 * and what is left of the one before keeps its entries until the next full collection: with the
 * transfers in there, every 20,000 small files took 15 MB.
 */
export class TransferTable {
  /** The place of each in `#places`, by its pair of ports. */
  readonly #placeOf = new Map<number, number>()
  readonly #places: (RunningTransfer | undefined)[] = []
  readonly #freePlaces: number[] = []
  /** Places of those that were never acknowledged, oldest first. */
  readonly #unacknowledged = new Set<number>()
  readonly #perClient = new Map<Ipv4, number>()
  /** When a pair of ports ended its transfer. */
  readonly #endedAtMs = new Map<number, number>()
  /** The pairs in there, in the order of their ends, from `#endedNext` on and around. */
  readonly #ended = new Float64Array(MAX_ENDED).fill(-1)
  #endedNext = 0

  get size(): number {
    return this.#placeOf.size
  }

  find(end: ClientEnd): RunningTransfer | undefined {
    const place = this.#placeOf.get(keyOf(end))
    return place === undefined ? undefined : this.#places[place]
  }

  /** In no order; they may be removed meanwhile. */
  *values(): IterableIterator<RunningTransfer> {
    for (const running of this.#places) if (running !== undefined) yield running
  }

  /** Transfers of one client. */
  countOf(client: Ipv4): number {
    return this.#perClient.get(client) ?? 0
  }

  /** The oldest transfer that was never acknowledged; undefined where there is none. */
  oldestUnacknowledged(): RunningTransfer | undefined {
    const [oldest] = this.#unacknowledged
    return oldest === undefined ? undefined : this.#places[oldest]
  }

  /** Adds a transfer whose pair of ports has none. */
  add(running: RunningTransfer): void {
    const { client } = running.peer
    const place = this.#freePlaces.pop() ?? this.#places.length
    this.#places[place] = running
    this.#placeOf.set(keyOf(running.peer), place)
    this.#unacknowledged.add(place)
    this.#perClient.set(client, this.countOf(client) + 1)
  }

  /** The client has acknowledged something: the transfer cannot be displaced any more. */
  confirm({ peer }: RunningTransfer): void {
    this.#unacknowledged.delete(this.#placeOf.get(keyOf(peer)) as number)
  }

  /** Takes out a transfer that is in the table. */
  remove({ peer }: RunningTransfer, nowMs: number): void {
    const key = keyOf(peer)
    const place = this.#placeOf.get(key) as number
    this.#placeOf.delete(key)
    this.#unacknowledged.delete(place)
    this.#places[place] = undefined
    this.#freePlaces.push(place)
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
