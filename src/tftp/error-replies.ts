import type { Ipv4 } from '../net/ipv4.ts'
import { TokenBucket } from '../net/token-bucket.ts'
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
   * The reply to the sender of the datagram, from the socket `channel`; nothing where the source has
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

/**
 * How many ERROR replies a source may provoke: a flood of nonsense must not become a flood of
 * answers, least of all to an address that did not send it.
 */
export class ErrorLimit {
  /** Longest silent first. */
  readonly #buckets = new Map<Ipv4, TokenBucket>()

  /** Whether the source may be answered now; counts the answer. */
  allows(source: Ipv4, nowMs: number): boolean {
    const bucket =
      this.#buckets.get(source) ?? new TokenBucket({ burst: BURST, perSecond: PER_SECOND })
    this.#buckets.delete(source)
    this.#buckets.set(source, bucket)
    if (this.#buckets.size > MAX_SOURCES) {
      const [oldest] = this.#buckets.keys()
      this.#buckets.delete(oldest as Ipv4)
    }
    return bucket.take(nowMs)
  }
}
