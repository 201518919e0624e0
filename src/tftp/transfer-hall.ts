import { type Subnet, subnetContains } from '../net/subnet.ts'
import type { Datagram } from './datagram.ts'
import { DropCounter } from './drop-counter.ts'
import type { TftpEffect } from './effect.ts'
import { ErrorReplies } from './error-replies.ts'
import type { TransferEnded } from './events.ts'
import type { HallNote, HallOrder, HallReport } from './hall-order.ts'
import type { TidPool } from './tid-pool.ts'
import { TransferPackets } from './transfer-packets.ts'
import { type RunningTransfer, type TableEntry, TransferTable } from './transfer-table.ts'
import { type FileHolder, type TransferSettings, Transfers } from './transfers.ts'

/** Bounds of the transfers of a hall, and whom it answers. */
export type HallSettings = TransferSettings & { readonly clientSubnets: readonly Subnet[] }

/** A transfer, and what the listener's side calls it. */
type Hosted = TableEntry & { readonly id: number; readonly running: RunningTransfer }

/** The listener's side holds what a hall sends. */
const NO_HOLDER: FileHolder = { retain: () => {}, release: () => {} }

/**
 * The engine of a thread that runs transfers, without sockets and without a clock. It begins what
 * it is ordered to, admits nobody by itself, and keeps what happened for the next report.
 */
export class TransferHall {
  readonly #drops = new DropCounter()
  readonly #errors = new ErrorReplies()
  readonly #transfers: Transfers
  readonly #packets: TransferPackets
  readonly #table = new TransferTable<Hosted>()
  readonly #byId = new Map<number, Hosted>()
  /** Those of which nobody has been told that the client has acknowledged something. */
  readonly #unconfirmed = new Set<Hosted>()
  #clientSubnets: readonly Subnet[]
  #notes: HallNote[] = []
  #fences: number[] = []

  constructor(settings: HallSettings, tids: TidPool) {
    this.#transfers = new Transfers(settings, NO_HOLDER, tids)
    this.#clientSubnets = settings.clientSubnets
    const isClient = ({ client }: Datagram) =>
      this.#clientSubnets.some((subnet) => subnetContains(subnet, client))
    const parts = { transfers: this.#transfers, drops: this.#drops, errors: this.#errors, isClient }
    this.#packets = new TransferPackets(parts)
  }

  /** When `onWake` wants to be called; undefined while nothing runs. */
  get nextWakeAtMs(): number | undefined {
    return this.#transfers.nextWakeAtMs
  }

  /** Whose packets are answered from now on; transfers that run go on to their end. */
  replaceClientSubnets(clientSubnets: readonly Subnet[]): void {
    this.#clientSubnets = clientSubnets
  }

  /** An order, all of whose forerunners were carried out. */
  onOrder(order: HallOrder, nowMs: number): readonly TftpEffect[] {
    if (order.kind === 'fence') {
      this.#fences.push(order.number)
      return []
    }
    if (order.kind === 'begin') return this.#begin(order, nowMs)
    const hosted = this.#byId.get(order.id)
    // It has ended meanwhile, and the report of that is under way.
    if (hosted === undefined) return []
    const { running } = hosted
    if (order.kind === 'end') {
      return this.#noted([this.#transfers.end(running, order.outcome, nowMs)])
    }
    const { requestedName } = running
    return this.#noted(this.#transfers.onRepeatedRequest(running, requestedName, nowMs) ?? [])
  }

  /** A datagram to the port of a transfer. */
  onTransferPacket(datagram: Datagram, nowMs: number): readonly TftpEffect[] {
    return this.#noted(this.#packets.onPacket(datagram, nowMs))
  }

  /** Looks at the deadlines of all transfers; does nothing before `nextWakeAtMs`. */
  onWake(nowMs: number): readonly TftpEffect[] {
    return this.#noted(this.#transfers.onWake(nowMs))
  }

  /** What happened since the last report; undefined where nothing did. */
  takeReport(): HallReport | undefined {
    for (const hosted of this.#unconfirmed) {
      if (!hosted.running.transfer.hasBeenAcknowledged) continue
      this.#unconfirmed.delete(hosted)
      this.#notes.push({ kind: 'acknowledged', id: hosted.id })
    }
    if (this.#notes.length === 0 && this.#fences.length === 0) return undefined
    const { withheld: errorsWithheld } = this.#errors
    const report = { notes: this.#notes, drops: this.#drops.counts(), errorsWithheld }
    const fences = this.#fences
    this.#notes = []
    this.#fences = []
    return { ...report, fences }
  }

  #begin(
    { id, grant, requester }: HallOrder & { kind: 'begin' },
    nowMs: number,
  ): readonly TftpEffect[] {
    const effects = this.#transfers.begin(grant, requester, nowMs)
    const running = this.#transfers.table.find(requester) as RunningTransfer
    const hosted = { peer: running.peer, id, running }
    this.#table.add(hosted)
    this.#byId.set(id, hosted)
    this.#unconfirmed.add(hosted)
    return this.#noted(effects)
  }

  /** Keeps what happened; what is to be sent is left. Nearly every effect is a block to be sent. */
  #noted(effects: readonly TftpEffect[]): readonly TftpEffect[] {
    for (const effect of effects) {
      if (effect.kind !== 'note') continue
      const { event } = effect
      this.#notes.push(
        event.event === 'tftp.transfer.ended' ? this.#ended(event) : { kind: 'event', event },
      )
    }
    return effects
  }

  #ended(event: TransferEnded): HallNote {
    const { client, clientTid: clientPort, atMs } = event
    const hosted = this.#table.find({ client, clientPort }) as Hosted
    this.#table.remove(hosted, atMs)
    this.#byId.delete(hosted.id)
    this.#unconfirmed.delete(hosted)
    return { kind: 'ended', id: hosted.id, event }
  }
}
