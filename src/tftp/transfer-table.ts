import type { CachedFile } from '../files/file-cache.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { NumberTable } from '../net/number-table.ts'
import type { Terms } from './negotiate-options.ts'
import { PlaceQueue } from './place-queue.ts'
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
/** No pair of ports. */
const NOBODY = -1

/**
 * The transfers under way, found by the client's address and port: phones reuse ports, and run
 * several transfers at once. Its user bounds how many there are.
 *
 * Everything but the transfers themselves is numbers in arrays. Maps that entries pass through leave
 * their old memory behind until the next full collection: with the transfers in them every 20,000 small
 * files took 15 MB, and with numbers alone still 5.
 */
export class TransferTable {
  /** The place of each in `#places`, by its pair of ports. */
  readonly #placeOf = new NumberTable()
  readonly #places: (RunningTransfer | undefined)[] = []
  readonly #freePlaces: number[] = []
  /** Places of those that were never acknowledged, oldest first. */
  readonly #unacknowledged = new PlaceQueue()
  /** Transfers of each client. */
  readonly #perClient = new NumberTable()
  readonly #ended = new EndedTransfers()

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
    const oldest = this.#unacknowledged.first
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
    this.#ended.remember(key, nowMs)
  }

  /** Whether this pair ended a transfer so recently that packets of it may still be under way. */
  hasJustEnded(end: ClientEnd, nowMs: number): boolean {
    return this.#ended.hasEndedSince(keyOf(end), nowMs - LINGER_MS)
  }
}

/** The last 4,096 pairs of ports whose transfer ended, and when. */
class EndedTransfers {
  /** In the order of their ends, from `#next` on and around. */
  readonly #keys = new Float64Array(MAX_ENDED).fill(NOBODY)
  readonly #endedAtMs = new Float64Array(MAX_ENDED)
  /** Where each stands for the last time. */
  readonly #places = new NumberTable()
  #next = 0

  remember(key: number, nowMs: number): void {
    const place = this.#next
    const oldest = this.#keys[place] as number
    // A pair that ended twice stands there twice: what counts is its last end.
    if (oldest !== NOBODY && this.#places.get(oldest) === place) this.#places.delete(oldest)
    this.#keys[place] = key
    this.#endedAtMs[place] = nowMs
    this.#places.set(key, place)
    this.#next = (place + 1) % MAX_ENDED
  }

  /** Whether it ended later than this. */
  hasEndedSince(key: number, atMs: number): boolean {
    const place = this.#places.get(key)
    return place !== undefined && (this.#endedAtMs[place] as number) > atMs
  }
}

/** One number for address and port: 48 bits, which a double holds exactly. */
function keyOf({ client, clientPort }: ClientEnd): number {
  return client * 65_536 + clientPort
}
