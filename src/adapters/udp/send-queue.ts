import type { SendBlocks } from '../../tftp/effect.ts'
import { OPCODE } from '../../wire/tftp/packet.ts'
import type { BatchCalls } from './batch-calls.ts'
import { MessageBatch } from './message-batch.ts'
import type { OutgoingDatagram } from './udp-socket.ts'

/** A datagram of a socket did not leave. */
export type OnSendFailed = (descriptor: number, code: string) => void

/** Datagrams that wait, at most; the next one sends them. */
const MAX_QUEUED = 128

/** Packets up to what a frame holds are copied, which costs less than to look up where they lie. */
const SLOT_BYTES = 1500

/** Datagrams that wait to be sent, those of one socket with one system call. */
export class SendQueue {
  readonly #calls: BatchCalls
  readonly #onSendFailed: OnSendFailed
  readonly #messages: MessageBatch
  readonly #descriptors = new Int32Array(MAX_QUEUED)
  readonly #slots = new Uint8Array(MAX_QUEUED * SLOT_BYTES)
  readonly #slotsAt: number
  /** Keeps alive what the messages point to. */
  readonly #payloads: Uint8Array[] = []
  readonly #addresses = new WeakMap<Uint8Array, number>()
  /** Nearly every block is of the same file as the one before. */
  #lastFile: Uint8Array = new Uint8Array(0)
  #lastAddress = 0
  #queued = 0

  constructor(calls: BatchCalls, onSendFailed: OnSendFailed) {
    this.#calls = calls
    this.#onSendFailed = onSendFailed
    this.#messages = new MessageBatch(MAX_QUEUED, calls)
    this.#slotsAt = calls.addressOf(this.#slots)
  }

  /** DATA packets; their payload goes to the kernel from where it lies. */
  addBlocks(descriptor: number, blocks: SendBlocks): void {
    const { bytes, blockSize, firstBlock, count } = blocks
    const start = this.#addressOf(bytes)
    for (let block = firstBlock; block < firstBlock + count; block++) {
      const offset = (block - 1) * blockSize
      const index = this.#next(descriptor, blocks, bytes)
      this.#messages.setHeader(index, OPCODE.data * 65_536 + (block & 0xffff))
      const length = Math.min(blockSize, bytes.length - offset)
      this.#messages.setPayload(index, start + offset, length)
    }
  }

  /** A packet as it is. */
  addPacket(descriptor: number, packet: OutgoingDatagram): void {
    const { bytes } = packet
    const index = this.#next(descriptor, packet, bytes)
    this.#messages.setHeader(index, -1)
    this.#messages.setPayload(index, this.#placeOf(bytes, index), bytes.length)
  }

  /** Sends what waits, in its order for each socket. */
  flush(): void {
    let first = 0
    while (first < this.#queued) {
      const descriptor = this.#descriptors[first] as number
      let end = first + 1
      while (end < this.#queued && this.#descriptors[end] === descriptor) end++
      this.#send(descriptor, first, end)
      first = end
    }
    this.#queued = 0
  }

  #next(
    descriptor: number,
    { client, clientPort }: Omit<OutgoingDatagram, 'bytes'>,
    payload: Uint8Array,
  ): number {
    if (this.#queued === MAX_QUEUED) this.flush()
    const index = this.#queued++
    this.#descriptors[index] = descriptor
    this.#payloads[index] = payload
    this.#messages.setPeer(index, client, clientPort)
    return index
  }

  #placeOf(bytes: Uint8Array, index: number): number {
    if (bytes.length > SLOT_BYTES) return this.#addressOf(bytes)
    const at = index * SLOT_BYTES
    this.#slots.set(bytes, at)
    return this.#slotsAt + at
  }

  #addressOf(bytes: Uint8Array): number {
    if (bytes === this.#lastFile) return this.#lastAddress
    this.#lastAddress = this.#addresses.get(bytes) ?? this.#lookUp(bytes)
    this.#lastFile = bytes
    return this.#lastAddress
  }

  #lookUp(bytes: Uint8Array): number {
    const address = this.#calls.addressOf(bytes)
    this.#addresses.set(bytes, address)
    return address
  }

  #send(descriptor: number, first: number, end: number): void {
    let at = first
    while (at < end) {
      const sent = this.#calls.sendMany(descriptor, this.#messages.addressOf(at), end - at, 0)
      if (sent > 0) {
        at += sent
        continue
      }
      // The first one failed, with EAGAIN where the system's buffer is full. It is lost like any
      // packet on its way.
      this.#onSendFailed(descriptor, this.#calls.errno())
      at++
    }
  }
}
