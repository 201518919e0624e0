import type { Ipv4 } from '../net/ipv4.ts'
import { encodePacket } from '../wire/tftp/encode-packet.ts'
import { ERROR_CODE } from '../wire/tftp/packet.ts'
import type { Datagram } from './datagram.ts'
import type { TftpEffect } from './effect.ts'

/** The errors that this server tells clients of (RFC 1350 appendix). */
export type ErrorReply = keyof typeof PACKETS

const PACKETS = {
  'file-not-found': errorPacket(ERROR_CODE.fileNotFound, 'File not found'),
  'read-only': errorPacket(ERROR_CODE.accessViolation, 'This server is read-only'),
  'unknown-mode': errorPacket(ERROR_CODE.illegalOperation, 'Mode is neither octet nor netascii'),
  'malformed-request': errorPacket(ERROR_CODE.illegalOperation, 'Malformed request'),
  'not-a-request': errorPacket(ERROR_CODE.illegalOperation, 'Not a request'),
  'unknown-tid': errorPacket(ERROR_CODE.unknownTid, 'Unknown transfer ID'),
}

/** Makes ERROR packets, which are sent once and never again (RFC 1350 section 7). */
export class ErrorReplies {
  readonly #limit = new ErrorLimit()
  #withheld = 0

  /** Replies that were kept back because their source provoked too many. */
  get withheld(): number {
    return this.#withheld
  }

  /**
   * The reply to whoever sent the datagram, from the socket `channel`; nothing where the source has
   * provoked too many. `File not found` is always said: it is what a client of ours is owed, and
   * hardly longer than its request.
   */
  to(datagram: Datagram, reply: ErrorReply, channel: number, nowMs: number): readonly TftpEffect[] {
    const { client, clientPort } = datagram
    if (reply !== 'file-not-found' && !this.#limit.allows(client, nowMs)) {
      this.#withheld++
      return []
    }
    return [{ kind: 'send', bytes: PACKETS[reply], client, clientPort, channel }]
  }
}

function errorPacket(code: number, message: string): Uint8Array {
  return encodePacket({ kind: 'error', code, message })
}

/** Replies that one source may provoke at once, and then each second. */
const BURST = 10
const PER_SECOND = 10
/** Sources that are remembered; the one silent for longest is forgotten first. */
const MAX_SOURCES = 1024

type Allowance = { replies: number; readonly atMs: number }

/**
 * How many ERROR replies a source may provoke: a flood of nonsense must not become a flood of
 * answers, least of all to an address that did not send it.
 */
export class ErrorLimit {
  /** Longest silent first. */
  readonly #allowances = new Map<Ipv4, Allowance>()

  /** Whether the source may be answered now; counts the answer. */
  allows(source: Ipv4, nowMs: number): boolean {
    const before = this.#allowances.get(source) ?? { replies: BURST, atMs: nowMs }
    const grownBy = ((nowMs - before.atMs) / 1000) * PER_SECOND
    const replies = Math.min(BURST, before.replies + grownBy)
    const isAllowed = replies >= 1
    this.#allowances.delete(source)
    this.#allowances.set(source, { replies: isAllowed ? replies - 1 : replies, atMs: nowMs })
    if (this.#allowances.size > MAX_SOURCES) {
      const [oldest] = this.#allowances.keys()
      this.#allowances.delete(oldest as Ipv4)
    }
    return isAllowed
  }
}
