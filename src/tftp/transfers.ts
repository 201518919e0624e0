import type { CachedFile } from '../files/file-cache.ts'
import type { Mac } from '../net/mac.ts'
import { encodePacket } from '../wire/tftp/encode-packet.ts'
import type { TftpOptions } from '../wire/tftp/packet.ts'
import type { TftpEffect } from './effect.ts'
import type { TransferDrop, TransferEnded, TransferOutcome, TransferStarted } from './events.ts'
import { negotiateOptions, type OptionLimits } from './negotiate-options.ts'
import { NetasciiForms } from './netascii.ts'
import { ReadTransfer, type TransferStep } from './read-transfer.ts'
import { judgeRequest } from './repeated-request.ts'
import type { RetryPolicy } from './retransmission-timer.ts'
import type { TidPool } from './tid-pool.ts'
import { type ClientEnd, type RunningTransfer, TransferTable } from './transfer-table.ts'

/** Bounds of one transfer. */
export type TransferSettings = OptionLimits & { readonly retry: RetryPolicy }

/** Who asked, and the adapter's number of the socket that heard it. */
export type Requester = ClientEnd & { readonly channel: number }

/** Whoever keeps the bytes, so that they stay while a transfer runs; `FileCache` is one. */
export interface FileHolder {
  retain(file: CachedFile): void
  release(file: CachedFile): void
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
  /** Octets that clients acknowledged, of the transfers that have ended. */
  readonly acknowledgedBytes: number
}

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
  readonly #table = new TransferTable<RunningTransfer>()
  readonly #outcomes: Record<TransferOutcome, number> = {
    complete: 0,
    'timed-out': 0,
    'never-acknowledged': 0,
    'client-error': 0,
    restarted: 0,
    displaced: 0,
    stopped: 0,
    lost: 0,
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
  get table(): Pick<
    TransferTable<RunningTransfer>,
    'size' | 'find' | 'countOf' | 'oldestUnacknowledged' | 'hasJustEnded'
  > {
    return this.#table
  }

  /** Begins to send a file to whoever asked for it; the pair of ports has no transfer. */
  begin(grant: Grant, requester: Requester, nowMs: number): readonly TftpEffect[] {
    const running = this.#open(grant, requester, nowMs)
    this.#table.add(running)
    this.#holder.retain(grant.file)
    this.#nextWakeAtMs ??= nowMs + SCAN_MS
    const first = this.#carryOut(running, running.transfer.begin(nowMs), nowMs)
    return [this.#started(grant, running), ...first]
  }

  /**
   * The request of a transfer has come again. Within one retransmission interval it is the same
   * packet twice; later the client has not seen our reply, which goes out once more.
   *
   * @returns Undefined where the client is past that, and so begins anew.
   */
  onRepeatedRequest(
    running: RunningTransfer,
    requestedName: string,
    nowMs: number,
  ): readonly TftpEffect[] | undefined {
    const { transfer, startedAtMs } = running
    const { hasBeenAcknowledged } = transfer
    const earlier = { requestedName: running.requestedName, startedAtMs, hasBeenAcknowledged }
    const means = judgeRequest(earlier, requestedName, nowMs, this.#settings.retry.baseMs)
    if (means === 'anew') return undefined
    if (means === 'duplicate') return []
    return this.#carryOut(running, transfer.onRepeatedRequest(nowMs), nowMs)
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
    return [...effects, this.#progressed(running, nowMs)]
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
    const event: TransferEnded = {
      event: 'tftp.transfer.ended',
      client: transfer.peer.client,
      clientTid: transfer.peer.clientPort,
      atMs: nowMs,
      mac: running.mac,
      name: running.name,
      sizeBytes: running.sizeBytes,
      outcome,
      bytes: transfer.acknowledgedBytes,
      ms: nowMs - running.startedAtMs,
      repeats: transfer.repeats,
      clientError,
    }
    return { kind: 'note', event }
  }

  /** Ends every transfer. */
  stop(nowMs: number): readonly TftpEffect[] {
    this.#nextWakeAtMs = undefined
    return [...this.#table.values()].map((running) => this.end(running, 'stopped', nowMs))
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

  #started({ mode, requestedName }: Grant, running: RunningTransfer): TftpEffect {
    const { peer } = running.transfer
    const event: TransferStarted = {
      event: 'tftp.transfer.started',
      client: peer.client,
      clientTid: peer.clientPort,
      atMs: running.startedAtMs,
      mac: running.mac,
      name: running.name,
      sizeBytes: running.sizeBytes,
      requestedName,
      sha256: running.file.sha256,
      mode,
      blockSize: running.terms.blockSize,
      windowSize: running.terms.windowSize,
    }
    return { kind: 'note', event }
  }

  #progressed({ transfer, mac, name, sizeBytes }: RunningTransfer, atMs: number): TftpEffect {
    const { client, clientPort: clientTid } = transfer.peer
    const bytes = transfer.acknowledgedBytes
    const about = { client, clientTid, atMs, mac, name, sizeBytes, bytes }
    return { kind: 'note', event: { event: 'tftp.transfer.progress', ...about } }
  }
}

function optionsAck({ terms }: RunningTransfer): Uint8Array {
  return encodePacket({ kind: 'options-ack', options: terms.accepted })
}
