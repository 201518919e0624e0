import { encodePacket } from '../wire/tftp/encode-packet.ts'
import type { Trace } from '../wire/trace/read-trace.ts'
import { MAX_BYTES } from './boot-sequences/boot-step.ts'
import type { PhoneEffect } from './effect.ts'
import { type PlannedRequest, replayPlan, type TraceAnswer } from './replay-plan.ts'
import { TftpClient, type TftpClientEffect } from './tftp-client.ts'

/** What the caller of a replay must do, in order; transfers as those of a simulated phone. */
export type ReplayEffect =
  | { readonly kind: 'tftp-open'; readonly transferId: number; readonly port: number | null }
  /** A wake of null: all has been sent and answered. */
  | Extract<PhoneEffect, { readonly kind: 'tftp-send' | 'tftp-close' | 'wake' }>

/** What a request was answered by in the trace, and here. */
export type ReplayedRequest = {
  /** Seconds since the first event of the trace. */
  readonly t: number
  readonly name: string
  readonly port: number | null
  readonly inTrace: TraceAnswer
  readonly here: AnswerHere
  /** Whether the answer here is another than that of the trace, as far as the trace tells. */
  readonly isDifferent: boolean
}

/** What a server has answered. */
export type AnswerHere =
  | { readonly kind: 'file'; readonly sizeBytes: number }
  | { readonly kind: 'error'; readonly detail: string }
  /** The transfer was begun and did not end: not acknowledged, or given up, as in the trace. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'silence' }

type Transfer = {
  readonly request: PlannedRequest
  /** Null for a request whose answers the phone did not hear: nothing is acknowledged. */
  readonly client: TftpClient | null
  readonly dueMs: number[]
  here: AnswerHere
  isOpen: boolean
}

/** So long an answer is waited for; the server's own time, which no speed divides. */
const PATIENCE_MS = 5_000

/** What a phone that gives up on an image has read of it (see `needsSip23First`). */
const GIVEN_UP_AFTER_BYTES = 10_240

/**
 * Sends the requests of a trace again, at its intervals and from its ports, and keeps what a server answers. Files are
 * acknowledged, unless the phone of the trace did not hear the answer: then only its repeats are sent.
 *
 * It owns no socket and no timer: each method takes the time in milliseconds and returns what the caller must do.
 */
export class TraceReplay {
  readonly #plan: readonly PlannedRequest[]
  readonly #speed: number
  readonly #transfers: Transfer[] = []
  #startedAtMs = 0
  #effects: ReplayEffect[] = []

  /** @param speed - By which the intervals of the trace are divided, above 0. */
  constructor(trace: Trace, speed: number) {
    this.#plan = replayPlan(trace)
    this.#speed = speed
  }

  begin(nowMs: number): ReplayEffect[] {
    this.#startedAtMs = nowMs
    return this.onWake(nowMs)
  }

  onWake(nowMs: number): ReplayEffect[] {
    for (const [transferId, transfer] of this.#transfers.entries()) {
      while ((transfer.dueMs[0] ?? Number.POSITIVE_INFINITY) <= nowMs) {
        transfer.dueMs.shift()
        if (transfer.isOpen) this.#sendRequest(transferId, transfer.request)
      }
      if (transfer.client !== null) this.#apply(transferId, transfer.client.onWake(nowMs))
    }
    for (const request of this.#plan.slice(this.#transfers.length)) {
      if (this.#atMs(request.t) > nowMs) break
      this.#ask(request, nowMs)
    }
    return this.#takeEffects(nowMs)
  }

  /** Takes the UDP payload of a datagram from the server to the socket of a transfer. */
  onDatagram(
    transferId: number,
    bytes: Uint8Array,
    fromPort: number,
    nowMs: number,
  ): ReplayEffect[] {
    const transfer = this.#transfers[transferId]
    if (transfer === undefined || !transfer.isOpen) return []
    if (transfer.client === null) {
      if (transfer.here.kind === 'silence') transfer.here = firstAnswer(bytes)
      return []
    }
    if (transfer.here.kind === 'silence') transfer.here = { kind: 'begun' }
    this.#apply(transferId, transfer.client.onDatagram(bytes, fromPort, nowMs))
    return this.#takeEffects(nowMs)
  }

  /** Ends it where it is: closes what is open. */
  abandon(): ReplayEffect[] {
    for (const transferId of this.#transfers.keys()) this.#close(transferId)
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  /** What was answered, for all requests that have been sent. */
  get requests(): readonly ReplayedRequest[] {
    return this.#transfers.map(({ request, here }) => {
      const { t, name, port, answer: inTrace } = request
      return { t, name, port, inTrace, here, isDifferent: isDifferent(inTrace, here) }
    })
  }

  #ask(request: PlannedRequest, nowMs: number): void {
    const { name, port, answer, repeatedAt } = request
    const maxBytes = answer === 'given-up' ? GIVEN_UP_AFTER_BYTES : MAX_BYTES.image
    const transferId = this.#transfers.length
    const isHeard = answer !== 'unheard'
    const client = isHeard
      ? new TftpClient({
          name,
          maxBytes,
          retriesMs: [PATIENCE_MS],
          blockMs: 0,
          waitsWhenBusy: false,
        })
      : null
    const dueMs = repeatedAt.map((t) => this.#atMs(t))
    this.#freePort(port)
    this.#transfers.push({ request, client, dueMs, here: { kind: 'silence' }, isOpen: true })
    this.#effects.push({ kind: 'tftp-open', transferId, port })
    if (client === null) this.#sendRequest(transferId, request)
    else this.#apply(transferId, client.begin(nowMs))
  }

  /** The port is asked from again: whatever came of the last request from it is over. */
  #freePort(port: number | null): void {
    if (port === null) return
    for (const [transferId, transfer] of this.#transfers.entries()) {
      if (transfer.isOpen && transfer.request.port === port) this.#close(transferId)
    }
  }

  #sendRequest(transferId: number, { name }: PlannedRequest): void {
    const bytes = encodePacket({ kind: 'read', name, mode: 'octet', options: new Map() })
    this.#effects.push({ kind: 'tftp-send', transferId, bytes, port: null })
  }

  #apply(transferId: number, effects: readonly TftpClientEffect[]): void {
    const transfer = this.#transfers[transferId] as Transfer
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          if (transfer.isOpen) this.#effects.push({ ...effect, kind: 'tftp-send', transferId })
          break
        case 'close':
          this.#close(transferId)
          break
        case 'outcome':
          if (effect.reply.kind === 'file') {
            transfer.here = { kind: 'file', sizeBytes: effect.reply.bytes.length }
          } else if (effect.detail.startsWith('ERROR')) {
            transfer.here = { kind: 'error', detail: effect.detail }
          }
          break
        default:
          effect satisfies never
      }
    }
  }

  #close(transferId: number): void {
    const transfer = this.#transfers[transferId] as Transfer
    if (transfer.isOpen) this.#effects.push({ kind: 'tftp-close', transferId })
    transfer.isOpen = false
  }

  #atMs(t: number): number {
    return this.#startedAtMs + (t * 1000) / this.#speed
  }

  #takeEffects(nowMs: number): ReplayEffect[] {
    const next = this.#plan[this.#transfers.length]
    let atMs = next === undefined ? Number.POSITIVE_INFINITY : this.#atMs(next.t)
    for (const { isOpen, here, client, dueMs } of this.#transfers) {
      // A file that is there stays open for a last ACK that was lost; there is no need to wait for that.
      if (isOpen && here.kind !== 'file')
        atMs = Math.min(atMs, client?.wakeAtMs ?? dueMs[0] ?? Number.POSITIVE_INFINITY)
    }
    const wake: ReplayEffect = {
      kind: 'wake',
      atMs: Number.isFinite(atMs) ? Math.max(atMs, nowMs) : null,
    }
    const effects = [...this.#effects, wake]
    this.#effects = []
    return effects
  }
}

/** The opcode of a packet to a phone that does not hear: 3 is DATA, 5 is ERROR (RFC 1350 section 5). */
function firstAnswer(bytes: Uint8Array): AnswerHere {
  return bytes[1] === 5 ? { kind: 'error', detail: `ERROR ${bytes[3]}` } : { kind: 'begun' }
}

function isDifferent(inTrace: TraceAnswer, here: AnswerHere): boolean {
  switch (inTrace) {
    case 'file':
      return here.kind !== 'file'
    case 'error':
      return here.kind !== 'error'
    case 'answered':
      return here.kind === 'silence' || here.kind === 'begun'
    case 'given-up':
      return here.kind !== 'begun' && here.kind !== 'file'
    case 'unheard':
    case 'unknown':
      return false
    default:
      return inTrace satisfies never
  }
}

/** The MAC addresses in the names of a trace, each once, as written. */
export function macsIn(trace: Trace): readonly string[] {
  return [...new Set(trace.events.flatMap(({ name }) => MAC_IN_NAME.exec(name)?.[1] ?? []))]
}

const MAC_IN_NAME = /^(?:\.\/)?(?:CTLSEP|ITLSEP|SEP|SIP|MGC|WLAN)([0-9A-Fa-f]{12})\./

/** The same trace of another phone: its MAC address, the only one in the names, is `mac`. */
export function traceOf(trace: Trace, mac: string): Trace {
  const [own] = macsIn(trace)
  if (own === undefined) return trace
  const events = trace.events.map((event) => ({ ...event, name: event.name.replace(own, mac) }))
  return { ...trace, events }
}
