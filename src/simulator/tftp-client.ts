import { decodePacket } from '../wire/tftp/decode-packet.ts'
import { encodePacket } from '../wire/tftp/encode-packet.ts'
import { ERROR_CODE, type TftpPacket } from '../wire/tftp/packet.ts'
import { WireError } from '../wire/wire-error.ts'
import type { FileReply } from './boot-sequences/boot-step.ts'

/** What a phone asks for, and how patient it is. */
export type TftpRequest = {
  readonly name: string
  readonly maxBytes: number
  /** Silence after each sending of a packet before the next; after the last the client gives up. At least one. */
  readonly retriesMs: readonly number[]
  /** From a block to its ACK. */
  readonly blockMs: number
  /** Whether ERROR 3 in answer to a request means that it is to be sent again after that silence. */
  readonly waitsWhenBusy: boolean
}

/** What the caller of a client must do. `port` null: to the port that requests go to. */
export type TftpClientEffect =
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly port: number | null }
  /** The outcome; the socket stays for a while, in case the last ACK was lost. */
  | { readonly kind: 'outcome'; readonly reply: FileReply; readonly detail: string }
  | { readonly kind: 'close' }

const BLOCK_BYTES = 512

/**
 * The TFTP client of a phone, for one file: RFC 1350, mode octet, no options, 512 bytes a block.
 *
 * It owns no socket and no timer: each method takes the time in milliseconds and returns what the
 * caller must do. Datagrams must come from the server's address; ports are looked after here.
 */
export class TftpClient {
  readonly #request: TftpRequest
  readonly #blocks: Uint8Array[] = []
  #receivedBytes = 0
  #serverTid: number | null = null
  #sent: Uint8Array = new Uint8Array(0)
  #attempt = 0
  #deadlineMs = 0
  /** When the block that came last is to be acknowledged; infinity for none. */
  #ackAtMs = Number.POSITIVE_INFINITY
  #state: 'asking' | 'lingering' | 'closed' = 'asking'

  constructor(request: TftpRequest) {
    this.#request = request
  }

  /** When {@link onWake} wants to be called; infinity for never. */
  get wakeAtMs(): number {
    if (this.#state === 'closed') return Number.POSITIVE_INFINITY
    return Math.min(this.#deadlineMs, this.#ackAtMs)
  }

  /** Sends the read request. */
  begin(nowMs: number): TftpClientEffect[] {
    const { name } = this.#request
    const bytes = encodePacket({ kind: 'read', name, mode: 'octet', options: new Map() })
    return [this.#send(bytes, nowMs)]
  }

  onDatagram(bytes: Uint8Array, fromPort: number, nowMs: number): TftpClientEffect[] {
    if (this.#state === 'closed') return []
    if (this.#serverTid !== null && fromPort !== this.#serverTid) {
      // RFC 1350 section 4: another sender gets an error; the transfer continues.
      return [{ kind: 'send', bytes: errorBytes('unknownTid', 'Unknown TID'), port: fromPort }]
    }
    const packet = packetIn(bytes)
    if (packet === undefined) return []
    switch (packet.kind) {
      case 'data':
        this.#serverTid = fromPort
        return this.#onData(packet.block, packet.payload, nowMs)
      case 'error':
        return this.#onError(packet.code, packet.message)
      case 'options-ack':
        this.#serverTid = fromPort
        // RFC 2347: only options that were asked for may be answered, and a phone asks for none.
        return this.#giveUp('illegalOperation', 'Illegal Operation', 'error')
      case 'ack':
      case 'read':
      case 'write':
        return []
      default:
        return packet satisfies never
    }
  }

  onWake(nowMs: number): TftpClientEffect[] {
    if (nowMs >= this.#ackAtMs) return this.#acknowledge(nowMs)
    if (this.#state === 'closed' || nowMs < this.#deadlineMs) return []
    if (this.#state === 'lingering') return this.#close()
    if (this.#attempt >= this.#request.retriesMs.length) {
      return [outcome({ kind: 'failed', reason: 'silence' }, 'no answer'), ...this.#close()]
    }
    return [this.#send(this.#sent, nowMs)]
  }

  #onData(block: number, payload: Uint8Array, nowMs: number): TftpClientEffect[] {
    const wanted = (this.#blocks.length + 1) % 65_536
    if (block !== wanted) return this.#onOtherBlock(block)
    if (this.#state === 'lingering') return []
    if (payload.length > BLOCK_BYTES) {
      return this.#giveUp('illegalOperation', 'Data block exceeds 512', 'error')
    }
    this.#receivedBytes += payload.length
    if (this.#receivedBytes > this.#request.maxBytes) {
      return this.#giveUp('diskFull', 'Buffer Full', 'too-long')
    }
    this.#blocks.push(payload.slice())
    if (this.#request.blockMs === 0) return this.#acknowledge(nowMs)
    // Nothing is repeated meanwhile: it is the phone that takes its time.
    this.#deadlineMs = Number.POSITIVE_INFINITY
    this.#ackAtMs = nowMs + this.#request.blockMs
    return []
  }

  /** Acknowledges the block that came last; if it was the last of the file, that is there. */
  #acknowledge(nowMs: number): TftpClientEffect[] {
    this.#ackAtMs = Number.POSITIVE_INFINITY
    this.#attempt = 0
    const block = this.#blocks.length % 65_536
    const acknowledge = this.#send(encodePacket({ kind: 'ack', block }), nowMs)
    if (this.#blocks.at(-1)?.length === BLOCK_BYTES) return [acknowledge]
    this.#state = 'lingering'
    const bytes = joined(this.#blocks, this.#receivedBytes)
    return [acknowledge, outcome({ kind: 'file', bytes }, 'complete')]
  }

  /** Our last ACK was lost, or the block came twice: acknowledge it again. Anything else is stale. */
  #onOtherBlock(block: number): TftpClientEffect[] {
    const last = this.#blocks.length % 65_536
    // One that is still to be acknowledged will be, in its time.
    const isDue = Number.isFinite(this.#ackAtMs)
    if (this.#blocks.length === 0 || block !== last || isDue) return []
    return [{ kind: 'send', bytes: encodePacket({ kind: 'ack', block }), port: this.#serverTid }]
  }

  #onError(code: number, message: string): TftpClientEffect[] {
    if (this.#state === 'lingering') return this.#close()
    if (this.#waitsFor(code)) return []
    const reply: FileReply =
      code === ERROR_CODE.fileNotFound ? { kind: 'absent' } : { kind: 'failed', reason: 'error' }
    return [outcome(reply, `ERROR ${code} ${message}`), ...this.#close()]
  }

  /** A busy server: the request is sent again when the present wait is over, as if nothing had come. */
  #waitsFor(code: number): boolean {
    const isAsking = this.#blocks.length === 0 && this.#attempt < this.#request.retriesMs.length
    return this.#request.waitsWhenBusy && code === ERROR_CODE.diskFull && isAsking
  }

  #giveUp(
    code: keyof typeof ERROR_CODE,
    message: string,
    reason: 'error' | 'too-long',
  ): TftpClientEffect[] {
    if (this.#state === 'lingering') return []
    const bytes = errorBytes(code, message)
    return [
      { kind: 'send', bytes, port: this.#serverTid },
      outcome({ kind: 'failed', reason }, message),
      ...this.#close(),
    ]
  }

  #send(bytes: Uint8Array, nowMs: number): TftpClientEffect {
    this.#sent = bytes
    const waitMs = this.#request.retriesMs[this.#attempt] ?? 0
    this.#attempt++
    this.#deadlineMs = nowMs + waitMs
    return { kind: 'send', bytes, port: this.#serverTid }
  }

  #close(): TftpClientEffect[] {
    this.#state = 'closed'
    this.#ackAtMs = Number.POSITIVE_INFINITY
    return [{ kind: 'close' }]
  }
}

function outcome(reply: FileReply, detail: string): TftpClientEffect {
  return { kind: 'outcome', reply, detail }
}

function errorBytes(code: keyof typeof ERROR_CODE, message: string): Uint8Array {
  return encodePacket({ kind: 'error', code: ERROR_CODE[code], message })
}

function packetIn(bytes: Uint8Array): TftpPacket | undefined {
  try {
    return decodePacket(bytes)
  } catch (error) {
    // What is no packet is dropped, as the phone drops it.
    if (error instanceof WireError) return undefined
    throw error
  }
}

function joined(blocks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  let at = 0
  for (const block of blocks) {
    bytes.set(block, at)
    at += block.length
  }
  return bytes
}
