import type { Ipv4 } from '../net/ipv4.ts'
import { decodePacket } from '../wire/tftp/decode-packet.ts'
import type { TftpPacket } from '../wire/tftp/packet.ts'
import { WireError } from '../wire/wire-error.ts'

/**
 * One datagram as the engine reads it. The adapter may use the same object and the same memory for
 * the next one, so nothing of it is kept beyond the call.
 */
export type Datagram = {
  /** Memory that begins with the datagram and may be longer. */
  readonly bytes: Uint8Array
  /** Bytes of the datagram, at most `bytes.length`. */
  readonly length: number
  readonly client: Ipv4
  /** The client's TID (RFC 1350 section 4). */
  readonly clientPort: number
  /** The adapter's number of the socket that received it. */
  readonly channel: number
}

/** The packet in a datagram; undefined where there is none. */
export function decode({ bytes, length }: Datagram): TftpPacket | undefined {
  try {
    return decodePacket(bytes.subarray(0, length))
  } catch (error) {
    /* c8 ignore next -- the codec's laws say that it throws nothing else */
    if (!(error instanceof WireError)) throw error
    return undefined
  }
}
