import type { CachedFile } from '../files/file-cache.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { encodePacket } from '../wire/tftp/encode-packet.ts'
import type { TftpOptions } from '../wire/tftp/packet.ts'
import type { TftpEffect } from './effect.ts'
import type { TransferDrop, TransferEnded, TransferOutcome } from './events.ts'
import { negotiateOptions, type OptionLimits } from './negotiate-options.ts'
import { NetasciiForms } from './netascii.ts'
import { ReadTransfer, type TransferStep } from './read-transfer.ts'
import type { RetryPolicy } from './retransmission-timer.ts'
import { transferEnded, transferProgressed, transferStarted } from './transfer-events.ts'
import { type ClientEnd, type RunningTransfer, TransferTable } from './transfer-table.ts'

/** Bounds of each transfer, and of all of them together. */
export type TransferSettings = OptionLimits & {
  readonly retry: RetryPolicy
  /** A phone runs two at once. */
  readonly maxTransfersPerClient: number
  readonly maxTransfers: number
}

/** Who asked, and the adapter's number of the socket that heard it. */
export type Requester = ClientEnd & { readonly channel: number }

/** Keeps the bytes of a file while a transfer runs; `FileCache` is one. */
export interface FileHolder {
  retain(file: CachedFile): void
  release(file: CachedFile): void
}

/**
 * The port through which the engine gets the sockets of its transfers: numbers that the adapter
 * calls `channel`. Behind each is an unpredictable UDP port on the address of the listener, the
 * server's TID (RFC 1350 section 4).
 */
export interface TidPool {
  /** A socket for a new transfer: one that this client uses for nothing else, if there is one. */
  take(listener: number, client: Ipv4): number
  /** The transfer is over. */
  giveBack(channel: number, client: Ipv4): void
  /** A socket for one reply that begins nothing. */
  forReply(listener: number): number
}

/** A read request that was granted. */
export type Grant = {
  readonly requestedName: string
  /** The canonical name. */
  readonly name: string
  readonly file: CachedFile
  /** The enrolled phone that the client was identified as; null for any other. */
  readonly mac: Mac | null
  readonly mode: 'octet' | 'netascii'
  readonly options: TftpOptions
}

/** How transfers ended since the start, and what is under way. */
export type TransferCounters = {
  readonly running: number
  readonly outcomes: Readonly<Record<TransferOutcome, number>>
  /** Packets sent again, of the transfers that have ended. */
  readonly repeats: number
  /** Bytes that clients acknowledged, of the transfers that have ended. */
  readonly acknowledgedBytes: number
}

/** What a request means to a transfer that its pair of ports has already. */
export type Earlier = {
  /** Whether that transfer answers it; if not, a new one begins. */
  readonly isRepeated: boolean
  readonly effects: readonly TftpEffect[]
}

const NO_EARLIER: Earlier = { isRepeated: false, effects: [] }

/** How often the deadlines of all transfers are looked at, in milliseconds. */
const SCAN_MS = 100
/** Between two progress events of one transfer, in milliseconds. */
const PROGRESS_MS = 250

/**
 * All transfers under way: begins them, moves them on, ends them, and tells of it. The returned
 * effects are valid until the next call.
 */
export class Transfers {
  readonly #settings: TransferSettings
  readonly #holder: FileHolder
  readonly #tids: TidPool
  readonly #netascii = new NetasciiForms()
  readonly #table = new TransferTable()
  readonly #outcomes: Record<TransferOutcome, number> = {
    complete: 0,
    'timed-out': 0,
    'never-acknowledged': 0,
    'client-error': 0,
    restarted: 0,
    displaced: 0,
    stopped: 0,
  }
  #repeats = 0
  #acknowledgedBytes = 0
  #nextWakeAtMs: number | undefined
  /** The effects of nearly every ACK, so that a block costs no allocation. */
  readonly #oneWindow: TftpEffect[] = []

  constructor(settings: TransferSettings, holder: FileHolder, tids: TidPool) {
    this.#settings = settings
    this.#holder = holder
    this.#tids = tids
  }

  /** When `onWake` wants to be called; undefined while nothing runs. */
  get nextWakeAtMs(): number | undefined {
    return this.#nextWakeAtMs
  }

  /** A snapshot. */
  counters(): TransferCounters {
    return {
      running: this.#table.size,
      outcomes: { ...this.#outcomes },
      repeats: this.#repeats,
      acknowledgedBytes: this.#acknowledgedBytes,
    }
  }

  /** The transfers under way. */
  get table(): Pick<TransferTable, 'find' | 'hasJustEnded'> {
    return this.#table
  }

  /**
   * Asks the transfer that this pair of ports has already, if there is one. The same name within one
   * retransmission interval is the same packet twice; later the client has not seen our reply, which
   * goes out once more. Anything else begins again (RFC 1350 section 4: a pair of ports is one
   * transfer), and so does another phone that has taken the address: what was sent is not its file.
   *
   * @param ownerNow - The enrolled phone that asks; called only where there is a transfer.
   */
  onRequest(
    requester: ClientEnd,
    requestedName: string,
    nowMs: number,
    ownerNow: () => Mac | null,
  ): Earlier {
    const running = this.#table.find(requester)
    if (running === undefined) return NO_EARLIER
    const { transfer, startedAtMs } = running
    if (running.mac === ownerNow() && running.requestedName === requestedName) {
      const isDuplicate = nowMs - startedAtMs < this.#settings.retry.baseMs
      if (isDuplicate) return { isRepeated: true, effects: [] }
      if (!transfer.hasBeenAcknowledged) {
        const effects = this.#carryOut(running, transfer.onRepeatedRequest(nowMs), nowMs)
        return { isRepeated: true, effects }
      }
    }
    return { isRepeated: false, effects: [this.end(running, 'restarted', nowMs)] }
  }

  /** Whether one more may begin for this client, perhaps in the place of another. */
  hasRoomFor(client: Ipv4): boolean {
    if (this.#table.countOf(client) >= this.#settings.maxTransfersPerClient) return false
    return !this.#isFull || this.#table.oldestUnacknowledged() !== undefined
  }

  /**
   * Begins to send a file; the pair of ports has no transfer, and `hasRoomFor` was asked. Where all
   * places are taken, the oldest transfer that was never acknowledged ends, so that a flood of requests
   * from made-up addresses cannot lock phones out.
   */
  begin(grant: Grant, requester: Requester, nowMs: number): readonly TftpEffect[] {
    const oldest = this.#isFull ? this.#table.oldestUnacknowledged() : undefined
    const displaced = oldest === undefined ? [] : [this.end(oldest, 'displaced', nowMs)]
    const running = this.#open(grant, requester, nowMs)
    this.#table.add(running)
    this.#holder.retain(grant.file)
    this.#nextWakeAtMs ??= nowMs + SCAN_MS
    const first = this.#carryOut(running, running.transfer.begin(nowMs), nowMs)
    return [...displaced, transferStarted(running, grant), ...first]
  }

  /** An ACK on the transfer's own socket; the reason where it moves nothing. */
  onAck(
    running: RunningTransfer,
    block: number,
    nowMs: number,
  ): readonly TftpEffect[] | TransferDrop {
    const { transfer } = running
    const isFirst = !transfer.hasBeenAcknowledged
    const step = transfer.onAck(block, nowMs)
    if (step.kind === 'drop') return step.reason
    if (isFirst) this.#table.confirm(running)
    const effects = this.#carryOut(running, step, nowMs)
    if (step.kind !== 'send-blocks' || nowMs - running.progressAtMs < PROGRESS_MS) return effects
    running.progressAtMs = nowMs
    return [...effects, transferProgressed(running, nowMs)]
  }

  /** Looks at the deadlines of all transfers, ten times a second at most. */
  onWake(nowMs: number): readonly TftpEffect[] {
    if (this.#nextWakeAtMs === undefined || nowMs < this.#nextWakeAtMs) return []
    const effects: TftpEffect[] = []
    for (const running of this.#table.values()) {
      if (running.transfer.deadlineMs > nowMs) continue
      effects.push(...this.#carryOut(running, running.transfer.onWake(nowMs), nowMs))
    }
    this.#nextWakeAtMs = this.#table.size > 0 ? nowMs + SCAN_MS : undefined
    return effects
  }

  /** Ends a transfer, for a reason that is not its own. */
  end(
    running: RunningTransfer,
    outcome: TransferOutcome,
    nowMs: number,
    clientError: TransferEnded['clientError'] = null,
  ): TftpEffect {
    const { transfer, file } = running
    this.#table.remove(running, nowMs)
    this.#tids.giveBack(transfer.peer.channel, transfer.peer.client)
    this.#holder.release(file)
    this.#outcomes[outcome]++
    this.#repeats += transfer.repeats
    this.#acknowledgedBytes += transfer.acknowledgedBytes
    return transferEnded(running, nowMs, { outcome, clientError })
  }

  /** Ends every transfer. */
  stop(nowMs: number): readonly TftpEffect[] {
    this.#nextWakeAtMs = undefined
    return [...this.#table.values()].map((running) => this.end(running, 'stopped', nowMs))
  }

  get #isFull(): boolean {
    return this.#table.size >= this.#settings.maxTransfers
  }

  #open(grant: Grant, requester: Requester, nowMs: number): RunningTransfer {
    const { requestedName, name, file, mac, mode } = grant
    const { client, clientPort } = requester
    const bytes = mode === 'octet' ? file.bytes : this.#netascii.of(file)
    const sizeBytes = bytes.length
    const terms = negotiateOptions(grant.options, { mode, sizeBytes }, this.#settings)
    const peer = { client, clientPort, channel: this.#tids.take(requester.channel, client) }
    const transfer = new ReadTransfer(peer, bytes, terms, this.#settings.retry)
    return {
      peer,
      transfer,
      requestedName,
      name,
      file,
      mac,
      sizeBytes,
      terms,
      startedAtMs: nowMs,
      progressAtMs: nowMs,
    }
  }

  #carryOut(running: RunningTransfer, step: TransferStep, nowMs: number): readonly TftpEffect[] {
    switch (step.kind) {
      case 'send-blocks':
        this.#oneWindow[0] = step
        return this.#oneWindow
      case 'send-options':
        return [{ kind: 'send', bytes: optionsAck(running), ...running.transfer.peer }]
      case 'finish':
        return [this.end(running, step.outcome, nowMs)]
      case 'wait':
        return []
      /* c8 ignore next 2 -- the compiler proves that nothing comes here */
      default:
        return step satisfies never
    }
  }
}

function optionsAck({ terms }: RunningTransfer): Uint8Array {
  return encodePacket({ kind: 'options-ack', options: terms.accepted })
}
