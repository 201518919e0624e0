import { UNSPECIFIED } from '../../net/ipv4.ts'
import type { BatchCalls } from './batch-calls.ts'
import { MessageBatch } from './message-batch.ts'
import type { ReceivedDatagram, SocketOptions } from './udp-socket.ts'

/** Datagrams that one call takes from a socket. */
const MAX_RECEIVED = 32

/** Room for the datagrams of one socket, which it takes with one system call and used again. */
export class ReceiveBatch {
  readonly #calls: BatchCalls
  readonly #messages: MessageBatch
  readonly #slots: readonly Uint8Array[]
  readonly #datagram: { -readonly [Key in keyof ReceivedDatagram]: ReceivedDatagram[Key] } = {
    bytes: new Uint8Array(),
    length: 0,
    client: UNSPECIFIED,
    clientPort: 0,
    channel: 0,
  }

  /** @param slotBytes - Bytes kept of each datagram; a longer one is cut off. */
  constructor(calls: BatchCalls, slotBytes: number) {
    this.#calls = calls
    this.#messages = new MessageBatch(MAX_RECEIVED, calls)
    const memory = new Uint8Array(MAX_RECEIVED * slotBytes)
    const start = calls.addressOf(memory)
    this.#slots = Array.from({ length: MAX_RECEIVED }, (_, index) => {
      this.#messages.setHeader(index, -1)
      this.#messages.setPayload(index, start + index * slotBytes, slotBytes)
      return memory.subarray(index * slotBytes, (index + 1) * slotBytes)
    })
  }

  /** Takes what waits on a socket; the number of datagrams, -1 where the call failed. */
  take(descriptor: number): number {
    return this.#calls.receiveMany(descriptor, this.#messages.addressOf(0), MAX_RECEIVED, 0)
  }

  /** Hands over the first `count` datagrams that were taken, in their order. */
  deliver(count: number, { channel, onDatagram }: SocketOptions): void {
    const datagram = this.#datagram
    for (let index = 0; index < count; index++) {
      datagram.bytes = this.#slots[index] as Uint8Array
      datagram.length = this.#messages.lengthOf(index)
      datagram.client = this.#messages.peerOf(index)
      datagram.clientPort = this.#messages.portOf(index)
      datagram.channel = channel
      onDatagram(datagram)
    }
  }
}
