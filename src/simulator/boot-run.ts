import type { Ipv4 } from '../net/ipv4.ts'
import type {
  BootEnd,
  BootSequence,
  BootStep,
  FileReply,
  PhoneSoftware,
  Running,
  WantedFile,
} from './boot-sequences/boot-step.ts'
import type { PhoneEffect } from './effect.ts'
import type { PhoneNews } from './events.ts'
import type { PhoneFlash } from './phone-flash.ts'
import type { PortCounter } from './port-counter.ts'
import { TftpClient, type TftpClientEffect } from './tftp-client.ts'

/** What a boot under way makes its phone do. */
export type BootEffect =
  | Extract<PhoneEffect, { kind: 'tftp-open' | 'tftp-send' | 'tftp-close' }>
  | { readonly kind: 'write'; readonly flash: PhoneFlash }
  | { readonly kind: 'report'; readonly news: PhoneNews }
  /** The phone runs, and the boot goes on beside it. */
  | { readonly kind: 'run'; readonly end: Running }
  /** Ask DHCP again, then call {@link BootRun.onAddress}. */
  | { readonly kind: 'seek-address' }
  | { readonly kind: 'end'; readonly end: BootEnd }

/** Where a boot takes its files from. */
export type BootSource = {
  /** One or more, in the order in which they are tried. */
  readonly servers: readonly Ipv4[]
  /** What silence means to each software: how long after each sending, and from how many ports. */
  readonly patience: (software: PhoneSoftware) => Patience
  readonly waitsWhenBusy: boolean
  /** From a block to its ACK. */
  readonly blockMs: number
  /** The phone's port for every file, and the next one for a second file at once; null: see `ports`. */
  readonly sourcePort: number | null
  /** The ports that the phone counts; null: a free one for each file. */
  readonly ports: PortCounter | null
  /** The first free number for a transfer; the caller goes on from {@link BootRun.nextTransferId}. */
  readonly firstTransferId: number
}

/** How long a phone waits for an answer. */
export type Patience = {
  /** Milliseconds after each sending of a packet, at least one. */
  readonly retriesMs: readonly number[]
  /** Ports from which a file is asked for, one after the other. */
  readonly ports: number
}

/** A file that is wanted: which of those asked for at once it is, whom it is asked from, and how many ports went by. */
type FileRequest = {
  readonly file: WantedFile
  readonly slot: number
  readonly server: number
  readonly attempt: number
}

type Transfer = { readonly request: FileRequest; readonly client: TftpClient }

/**
 * Plays a boot sequence: turns its steps into transfers and waits, and resumes it with what came.
 *
 * It owns no socket and no timer: each method takes the time in milliseconds and returns what the
 * caller must do.
 */
export class BootRun {
  readonly #sequence: BootSequence
  readonly #source: BootSource
  readonly #transfers = new Map<number, Transfer>()
  #replies: (FileReply | undefined)[] = []
  #servers: readonly Ipv4[]
  #server = 0
  #software: PhoneSoftware = 'whole'
  #nextTransferId: number
  #resumeAtMs: number | null = null
  #effects: BootEffect[] = []

  constructor(sequence: BootSequence, source: BootSource) {
    this.#sequence = sequence
    this.#source = source
    this.#servers = source.servers
    this.#nextTransferId = source.firstTransferId
  }

  /** The first number that no transfer of this boot has used. */
  get nextTransferId(): number {
    return this.#nextTransferId
  }

  /** When {@link onWake} wants to be called; infinity for never. */
  get wakeAtMs(): number {
    let earliest = this.#resumeAtMs ?? Number.POSITIVE_INFINITY
    for (const { client } of this.#transfers.values()) {
      earliest = Math.min(earliest, client.wakeAtMs)
    }
    return earliest
  }

  begin(nowMs: number): BootEffect[] {
    this.#advance([], nowMs)
    return this.#takeEffects()
  }

  onDatagram(transferId: number, bytes: Uint8Array, fromPort: number, nowMs: number): BootEffect[] {
    const transfer = this.#transfers.get(transferId)
    if (transfer === undefined) return []
    this.#apply(transferId, transfer.client.onDatagram(bytes, fromPort, nowMs), nowMs)
    return this.#takeEffects()
  }

  onWake(nowMs: number): BootEffect[] {
    for (const [transferId, { client }] of [...this.#transfers]) {
      this.#apply(transferId, client.onWake(nowMs), nowMs)
    }
    if (this.#resumeAtMs !== null && nowMs >= this.#resumeAtMs) {
      this.#resumeAtMs = null
      this.#advance([], nowMs)
    }
    return this.#takeEffects()
  }

  /** DHCP has answered again, and names these servers. */
  onAddress(servers: readonly Ipv4[], nowMs: number): BootEffect[] {
    if (servers.length > 0) this.#servers = servers
    this.#server = 0
    this.#advance([], nowMs)
    return this.#takeEffects()
  }

  /** Ends the boot where it is: closes what is open. */
  abandon(): BootEffect[] {
    const closes = [...this.#transfers.keys()].map((transferId) => ({
      kind: 'tftp-close' as const,
      transferId,
    }))
    this.#transfers.clear()
    this.#resumeAtMs = null
    return closes
  }

  /** Goes on to the next step that takes time. Sequences are finite between two such steps. */
  #advance(replies: readonly FileReply[], nowMs: number): void {
    let result = this.#sequence.next(replies)
    while (!result.done) {
      if (this.#take(result.value, nowMs) === 'wait') return
      result = this.#sequence.next([])
    }
    this.#effects.push({ kind: 'end', end: result.value })
  }

  /** Does a step; `wait` where the sequence goes on only later. */
  #take(step: BootStep, nowMs: number): 'wait' | 'go-on' {
    switch (step.kind) {
      case 'pause':
        this.#resumeAtMs = nowMs + step.pauseMs
        return 'wait'
      case 'ask':
        this.#replies = step.files.map(() => undefined)
        step.files.forEach((file, slot) => {
          this.#ask({ file, slot, server: this.#server, attempt: 1 }, nowMs)
        })
        return 'wait'
      case 'address':
        this.#effects.push({ kind: 'seek-address' })
        return 'wait'
      case 'begin':
        this.#software = step.software
        this.#source.ports?.begin(step.software)
        return 'go-on'
      case 'skip-port':
        this.#source.ports?.take()
        return 'go-on'
      case 'running':
        this.#effects.push({ kind: 'run', end: step.end })
        return 'go-on'
      case 'write':
      case 'report':
        this.#effects.push(step)
        return 'go-on'
      default:
        return step satisfies never
    }
  }

  #ask(request: FileRequest, nowMs: number): void {
    const { name, maxBytes } = request.file
    const server = this.#servers[request.server] as Ipv4
    const transferId = this.#nextTransferId++
    const { waitsWhenBusy, blockMs, sourcePort, ports } = this.#source
    const { retriesMs } = this.#patience
    const port = sourcePort === null ? (ports?.take() ?? null) : sourcePort + request.slot
    const client = new TftpClient({ name, maxBytes, retriesMs, blockMs, waitsWhenBusy })
    this.#transfers.set(transferId, { request, client })
    this.#report({ event: 'phone.file.asked', name, server })
    this.#effects.push({ kind: 'tftp-open', transferId, server, port })
    this.#apply(transferId, client.begin(nowMs), nowMs)
  }

  #apply(transferId: number, effects: readonly TftpClientEffect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#effects.push({ ...effect, kind: 'tftp-send', transferId })
          break
        case 'close':
          this.#transfers.delete(transferId)
          this.#effects.push({ kind: 'tftp-close', transferId })
          break
        case 'outcome':
          this.#onOutcome(transferId, effect.reply, effect.detail, nowMs)
          break
        default:
          effect satisfies never
      }
    }
  }

  #onOutcome(transferId: number, reply: FileReply, detail: string, nowMs: number): void {
    const request = this.#transfers.get(transferId)?.request
    if (request === undefined) return
    const isSilent = reply.kind === 'failed' && reply.reason === 'silence'
    if (isSilent && request.attempt < this.#patience.ports) {
      this.#ask({ ...request, attempt: request.attempt + 1 }, nowMs)
      return
    }
    this.#report(newsOf(request.file.name, reply, detail))
    if (isSilent && request.server + 1 < this.#servers.length) {
      // The backup server is asked for everything from here on.
      this.#server = request.server + 1
      this.#ask({ ...request, server: this.#server, attempt: 1 }, nowMs)
      return
    }
    this.#replies[request.slot] = reply
    const replies = this.#replies.filter((known) => known !== undefined)
    if (replies.length === this.#replies.length) this.#advance(replies, nowMs)
  }

  get #patience(): Patience {
    return this.#source.patience(this.#software)
  }

  #report(news: PhoneNews): void {
    this.#effects.push({ kind: 'report', news })
  }

  #takeEffects(): BootEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}

function newsOf(name: string, reply: FileReply, detail: string): PhoneNews {
  switch (reply.kind) {
    case 'file':
      return { event: 'phone.file.got', name, sizeBytes: reply.bytes.length }
    case 'absent':
      return { event: 'phone.file.missing', name }
    case 'failed':
      return { event: 'phone.file.failed', name, reason: detail }
    default:
      return reply satisfies never
  }
}
