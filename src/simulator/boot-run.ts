import type { Ipv4 } from '../net/ipv4.ts'
import type { BootEnd, BootSequence, FileReply, WantedFile } from './boot-sequences/boot-step.ts'
import type { PhoneEffect } from './effect.ts'
import type { PhoneNews } from './events.ts'
import type { PhoneFlash } from './phone-flash.ts'
import { TftpClient, type TftpClientEffect } from './tftp-client.ts'

/** What a boot under way makes its phone do. */
export type BootEffect =
  | Extract<PhoneEffect, { kind: 'tftp-open' | 'tftp-send' | 'tftp-close' }>
  | { readonly kind: 'write'; readonly flash: PhoneFlash }
  | { readonly kind: 'tell'; readonly news: PhoneNews }
  | { readonly kind: 'end'; readonly end: BootEnd }

/** Where a boot takes its files from. */
export type BootSource = {
  /** One or more, in the order in which they are tried. */
  readonly servers: readonly Ipv4[]
  readonly retryMs: number
  readonly waitsWhenBusy: boolean
  /** The phone's port for every file, and the next one for a second file at once; null: a free one. */
  readonly sourcePort: number | null
  /** The first free number for a transfer; the caller goes on from {@link BootRun.nextTransferId}. */
  readonly firstTransferId: number
}

/** A file that is wanted: which of those asked for at once it is, and whom it is asked from. */
type Wish = { readonly file: WantedFile; readonly slot: number; readonly server: number }

type Transfer = { readonly wish: Wish; readonly client: TftpClient }

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
  #server = 0
  #nextTransferId: number
  #resumeAtMs: number | null = null
  #effects: BootEffect[] = []

  constructor(sequence: BootSequence, source: BootSource) {
    this.#sequence = sequence
    this.#source = source
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
      const step = result.value
      if (step.kind === 'pause') {
        this.#resumeAtMs = nowMs + step.pauseMs
        return
      }
      if (step.kind === 'ask') {
        this.#replies = step.files.map(() => undefined)
        step.files.forEach((file, slot) => {
          this.#ask({ file, slot, server: this.#server }, nowMs)
        })
        return
      }
      this.#effects.push(step)
      result = this.#sequence.next([])
    }
    this.#effects.push({ kind: 'end', end: result.value })
  }

  #ask(wish: Wish, nowMs: number): void {
    const { name, maxBytes } = wish.file
    const server = this.#source.servers[wish.server] as Ipv4
    const transferId = this.#nextTransferId++
    const { retryMs, waitsWhenBusy, sourcePort } = this.#source
    const port = sourcePort === null ? null : sourcePort + wish.slot
    const client = new TftpClient({ name, maxBytes, retryMs, waitsWhenBusy })
    this.#transfers.set(transferId, { wish, client })
    this.#tell({ event: 'phone.file.asked', name, server })
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
    const wish = this.#transfers.get(transferId)?.wish
    if (wish === undefined) return
    this.#tell(newsOf(wish.file.name, reply, detail))
    const isSilent = reply.kind === 'failed' && reply.reason === 'silence'
    if (isSilent && wish.server + 1 < this.#source.servers.length) {
      // The backup server is asked for everything from here on.
      this.#server = wish.server + 1
      this.#ask({ ...wish, server: this.#server }, nowMs)
      return
    }
    this.#replies[wish.slot] = reply
    const replies = this.#replies.filter((known) => known !== undefined)
    if (replies.length === this.#replies.length) this.#advance(replies, nowMs)
  }

  #tell(news: PhoneNews): void {
    this.#effects.push({ kind: 'tell', news })
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
