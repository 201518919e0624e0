/*
 * What recvmmsg and sendmmsg take, on 64-bit Linux with the low byte first:
 *
 *   struct mmsghdr   name (8) | name length (4) | - | iovec (8) | iovecs (8) |
 *                    control (8) | control length (8) | flags (4) | - | bytes moved (4) | -
 *   struct iovec     base (8) | length (8)
 *   struct sockaddr  family (2) | port (2, high byte first) | address (4, the same) | - (8)
 */
import type { Ipv4 } from '../../net/ipv4.ts'
import type { BatchCalls } from './batch-calls.ts'
import { AddressFamily } from './native/socket-address.ts'

const MESSAGE_BYTES = 64
const IOVEC_BYTES = 16
const ADDRESS_BYTES = 16
const HEADER_BYTES = 8

/** Two pieces of memory for each message: its first bytes, which are here, and a payload anywhere. */
const PIECES = 2

/**
 * A fixed number of datagrams as the system takes them, laid out once: only the few words that
 * differ are written for each.
 */
export class MessageBatch {
  readonly size: number
  /** Where the first message is; the others follow each other. */
  readonly #start: number
  readonly #view: DataView
  readonly #bytes: Uint8Array
  readonly #iovecsAt: number
  readonly #addressesAt: number
  readonly #headersAt: number

  constructor(size: number, calls: BatchCalls) {
    this.size = size
    this.#iovecsAt = size * MESSAGE_BYTES
    this.#addressesAt = this.#iovecsAt + size * PIECES * IOVEC_BYTES
    this.#headersAt = this.#addressesAt + size * ADDRESS_BYTES
    this.#bytes = new Uint8Array(this.#headersAt + size * HEADER_BYTES)
    this.#view = new DataView(this.#bytes.buffer)
    this.#start = calls.addressOf(this.#bytes)
    for (let index = 0; index < size; index++) this.#layOut(index)
  }

  /** Where message `index` is. */
  addressOf(index: number): number {
    return this.#start + index * MESSAGE_BYTES
  }

  /** Bytes that the system received for the message. */
  lengthOf(index: number): number {
    return this.#view.getUint32(index * MESSAGE_BYTES + 56, true)
  }

  /** The IPv4 address at the other end. */
  peerOf(index: number): Ipv4 {
    return this.#view.getUint32(this.#addressesAt + index * ADDRESS_BYTES + 4) as Ipv4
  }

  /** The port at the other end. */
  portOf(index: number): number {
    return this.#view.getUint16(this.#addressesAt + index * ADDRESS_BYTES + 2)
  }

  /** Whom the message is for. */
  setPeer(index: number, peer: Ipv4, port: number): void {
    const at = this.#addressesAt + index * ADDRESS_BYTES
    this.#view.setUint16(at + 2, port)
    this.#view.setUint32(at + 4, peer)
  }

  /** The first four bytes, high byte first; -1 for none. */
  setHeader(index: number, header: number): void {
    this.#view.setUint32(this.#headersAt + index * HEADER_BYTES, header)
    const lengthAt = this.#iovecsAt + index * PIECES * IOVEC_BYTES + 8
    this.#view.setUint32(lengthAt, header === -1 ? 0 : 4, true)
  }

  /** What follows: `length` bytes at an address that stay there until the batch is sent. */
  setPayload(index: number, address: number, length: number): void {
    const at = this.#iovecsAt + index * PIECES * IOVEC_BYTES + IOVEC_BYTES
    this.#setAddress(at, address)
    this.#view.setUint32(at + 8, length, true)
  }

  #layOut(index: number): void {
    const at = index * MESSAGE_BYTES
    const iovecAt = this.#iovecsAt + index * PIECES * IOVEC_BYTES
    const addressAt = this.#addressesAt + index * ADDRESS_BYTES
    this.#setAddress(at, this.#start + addressAt)
    this.#view.setUint32(at + 8, ADDRESS_BYTES, true)
    this.#setAddress(at + 16, this.#start + iovecAt)
    this.#view.setUint32(at + 24, PIECES, true)
    this.#setAddress(iovecAt, this.#start + this.#headersAt + index * HEADER_BYTES)
    this.#view.setUint16(addressAt, AddressFamily.inet, true)
  }

  #setAddress(at: number, address: number): void {
    this.#view.setUint32(at, address >>> 0, true)
    this.#view.setUint32(at + 4, Math.floor(address / 2 ** 32), true)
  }
}
