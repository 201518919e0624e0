import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { TftpEffect } from './effect.ts'
import type { TransferEnded, TransferOutcome } from './events.ts'
import type { HallNote } from './hall-order.ts'
import { judgeRequest } from './repeated-request.ts'
import { type ClientEnd, type TableEntry, TransferTable } from './transfer-table.ts'
import type { FileHolder, Grant, Requester, TransferCounters, Transfers } from './transfers.ts'

/** Bounds of all transfers, wherever they run. */
export type TransferLimits = {
  /** A phone runs two at once. */
  readonly maxTransfersPerClient: number
  readonly maxTransfers: number
}

/** A transfer that runs in a hall, as far as the listener's side must know it. */
type HandedOver = TableEntry & {
  readonly id: number
  readonly hall: number
  readonly grant: Grant
  readonly startedAtMs: number
  hasBeenAcknowledged: boolean
  /** Octets that were acknowledged when that was last told. */
  bytes: number
}

/** Files below this are sent by the listener's thread: handing them over would cost as much. */
const HAND_OVER_BYTES = 8192

/**
 * Where each transfer runs: small files here, others in a hall, which is a thread of its own, while
 * there is one. All of them are admitted by the same limits. Where there is no room the oldest that
 * was never acknowledged has to go, so that a flood of requests that nobody stands behind cannot lock
 * phones out.
 */
export class TransferDesk {
  readonly #limits: TransferLimits & { readonly repeatMs: number }
  readonly #local: Transfers
  readonly #holder: FileHolder
  readonly #table = new TransferTable<HandedOver>()
  readonly #byId = new Map<number, HandedOver>()
  /** Transfers in each open hall, by its number. */
  readonly #halls = new Map<number, number>()
  readonly #hallOfClient = new Map<Ipv4, number>()
  readonly #outcomes = new Map<TransferOutcome, number>()
  #repeats = 0
  #acknowledgedBytes = 0
  #lastId = 0

  /**
   * @param limits - `repeatMs`: a request that comes again within it is the same packet twice.
   * @param holder - Holds the files of transfers that run in halls.
   */
  constructor(
    limits: TransferLimits & { readonly repeatMs: number },
    local: Transfers,
    holder: FileHolder,
  ) {
    this.#limits = limits
    this.#local = local
    this.#holder = holder
  }

  /** A snapshot of all places together. */
  counters(): TransferCounters {
    const local = this.#local.counters()
    const outcomes = { ...local.outcomes }
    for (const [outcome, count] of this.#outcomes) outcomes[outcome] += count
    return {
      running: local.running + this.#table.size,
      outcomes,
      repeats: local.repeats + this.#repeats,
      acknowledgedBytes: local.acknowledgedBytes + this.#acknowledgedBytes,
    }
  }

  /** The hall where this client has transfers; what it asks next must not overtake them. */
  hallOf(client: Ipv4): number | undefined {
    return this.#hallOfClient.get(client)
  }

  /**
   * What becomes of a transfer whose pair of ports sends a request. It is never repeated to another
   * phone that has taken the address: what it carries may be that of the phone before.
   *
   * @param ownerNow - The enrolled phone that asks; called only where there is a transfer.
   * @returns Whether the request is answered by it, and what is to be done.
   */
  onEarlier(
    requester: ClientEnd,
    requestedName: string,
    nowMs: number,
    ownerNow: () => Mac | null,
  ): Earlier {
    const running = this.#local.table.find(requester)
    if (running !== undefined) {
      const effects =
        running.mac === ownerNow()
          ? this.#local.onRepeatedRequest(running, requestedName, nowMs)
          : undefined
      return effects === undefined
        ? { isRepeated: false, effects: [this.#local.end(running, 'restarted', nowMs)] }
        : { isRepeated: true, effects }
    }
    const handed = this.#table.find(requester)
    if (handed === undefined) return NO_EARLIER
    const earlier = { ...handed, requestedName: handed.grant.requestedName }
    const means =
      handed.grant.mac === ownerNow()
        ? judgeRequest(earlier, requestedName, nowMs, this.#limits.repeatMs)
        : 'anew'
    if (means === 'duplicate') return { isRepeated: true, effects: [] }
    if (means === 'anew') {
      return { isRepeated: false, effects: [this.#end(handed, 'restarted', nowMs)] }
    }
    const { hall, id } = handed
    const effects = [{ kind: 'order', hall, order: { kind: 'repeat', id } }] as const
    return { isRepeated: true, effects }
  }

  /** Whether one more may begin for this client, perhaps in the place of another. */
  hasRoomFor(client: Ipv4): boolean {
    const { maxTransfersPerClient } = this.#limits
    const ofClient = this.#local.table.countOf(client) + this.#table.countOf(client)
    if (ofClient >= maxTransfersPerClient) return false
    return (
      !this.#isFull ||
      this.#local.table.oldestUnacknowledged() !== undefined ||
      this.#table.oldestUnacknowledged() !== undefined
    )
  }

  /** Begins to send a file, here or in a hall; the caller has asked `hasRoomFor`. */
  begin(grant: Grant, requester: Requester, nowMs: number): readonly TftpEffect[] {
    const displaced = this.#isFull ? this.#displaceOne(nowMs) : []
    const hall = this.#hallFor(grant, requester.client)
    if (hall === undefined) return [...displaced, ...this.#local.begin(grant, requester, nowMs)]
    const id = ++this.#lastId
    const { client, clientPort, channel } = requester
    const handed = {
      peer: { client, clientPort },
      id,
      hall,
      grant,
      startedAtMs: nowMs,
      hasBeenAcknowledged: false,
      bytes: 0,
    }
    this.#table.add(handed)
    this.#byId.set(id, handed)
    this.#hallOfClient.set(client, hall)
    this.#halls.set(hall, (this.#halls.get(hall) as number) + 1)
    this.#holder.retain(grant.file)
    const order = { kind: 'begin', id, grant, requester: { client, clientPort, channel } } as const
    return [...displaced, { kind: 'order', hall, order }]
  }

  /** A hall runs transfers from now on. */
  onHallOpened(hall: number): void {
    this.#halls.set(hall, 0)
  }

  /** What happened in a hall. */
  onNote(note: HallNote): readonly TftpEffect[] {
    if (note.kind === 'event') {
      const { event } = note
      if (event.event === 'tftp.transfer.progress') this.#progressed(event)
      return [{ kind: 'note', event }]
    }
    const handed = this.#byId.get(note.id)
    if (note.kind === 'acknowledged') {
      if (handed !== undefined) {
        handed.hasBeenAcknowledged = true
        this.#table.confirm(handed)
      }
      return []
    }
    this.#count(note.event)
    if (handed !== undefined) this.#remove(handed, note.event.atMs)
    return [{ kind: 'note', event: note.event }]
  }

  /** A hall and all its transfers are gone, or are to be forgotten. */
  onHallClosed(hall: number, outcome: 'lost' | 'stopped', nowMs: number): readonly TftpEffect[] {
    this.#halls.delete(hall)
    const gone = [...this.#table.values()].filter((handed) => handed.hall === hall)
    return gone.map((handed) => {
      this.#remove(handed, nowMs)
      const { grant, peer, startedAtMs, bytes } = handed
      const event: TransferEnded = {
        event: 'tftp.transfer.ended',
        client: peer.client,
        clientTid: peer.clientPort,
        atMs: nowMs,
        mac: grant.mac,
        name: grant.name,
        sizeBytes: grant.file.bytes.length,
        outcome,
        bytes,
        ms: nowMs - startedAtMs,
        repeats: 0,
        clientError: null,
      }
      this.#count(event)
      return { kind: 'note', event }
    })
  }

  /** Ends every transfer. */
  stop(nowMs: number): readonly TftpEffect[] {
    const halls = [...this.#halls.keys()]
    return [
      ...this.#local.stop(nowMs),
      ...halls.flatMap((hall) => this.onHallClosed(hall, 'stopped', nowMs)),
    ]
  }

  get #isFull(): boolean {
    return this.#local.table.size + this.#table.size >= this.#limits.maxTransfers
  }

  #displaceOne(nowMs: number): readonly TftpEffect[] {
    const running = this.#local.table.oldestUnacknowledged()
    const handed = this.#table.oldestUnacknowledged()
    if (running !== undefined && running.startedAtMs <= (handed?.startedAtMs ?? nowMs)) {
      return [this.#local.end(running, 'displaced', nowMs)]
    }
    return [this.#end(handed as HandedOver, 'displaced', nowMs)]
  }

  /** The transfer is over for us; its hall tells how it ended. */
  #end(handed: HandedOver, outcome: 'restarted' | 'displaced', nowMs: number): TftpEffect {
    this.#remove(handed, nowMs)
    const { hall, id } = handed
    return { kind: 'order', hall, order: { kind: 'end', id, outcome } }
  }

  /** That of the client's other transfers, so that one fence is enough; else the least busy one. */
  #hallFor({ file }: Grant, client: Ipv4): number | undefined {
    if (file.bytes.length < HAND_OVER_BYTES) return undefined
    const ofClient = this.#hallOfClient.get(client)
    if (ofClient !== undefined) return ofClient
    let least: number | undefined
    let fewest = Number.POSITIVE_INFINITY
    for (const [hall, transfers] of this.#halls) {
      if (transfers >= fewest) continue
      least = hall
      fewest = transfers
    }
    return least
  }

  #progressed({ client, clientTid: clientPort, bytes }: ClientEvent): void {
    const handed = this.#table.find({ client, clientPort })
    if (handed !== undefined) handed.bytes = bytes
  }

  #count({ outcome, repeats, bytes }: TransferEnded): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
    this.#repeats += repeats
    this.#acknowledgedBytes += bytes
  }

  #remove(handed: HandedOver, nowMs: number): void {
    const { id, hall, peer, grant } = handed
    this.#table.remove(handed, nowMs)
    this.#byId.delete(id)
    if (this.#table.countOf(peer.client) === 0) this.#hallOfClient.delete(peer.client)
    const transfers = this.#halls.get(hall)
    if (transfers !== undefined) this.#halls.set(hall, transfers - 1)
    this.#holder.release(grant.file)
  }
}

type ClientEvent = Pick<TransferEnded, 'client' | 'clientTid' | 'bytes'>

/** What became of an earlier transfer with the same pair of ports. */
export type Earlier = { readonly isRepeated: boolean; readonly effects: readonly TftpEffect[] }

const NO_EARLIER: Earlier = { isRepeated: false, effects: [] }
