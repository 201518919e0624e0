import type { Peer, SendBlocks } from '../../tftp/effect.ts'
import { OPCODE } from '../../wire/tftp/packet.ts'
import { SystemCallError } from './native/system-call-error.ts'
import type { BatchCalls } from './tftp-batch-calls.ts'
import { MessageBatch } from './tftp-message-batch.ts'
import type { OnSocketFault } from './tftp-socket.ts'

/** Datagrams that wait, at most; the next one sends them. */
const MAX_QUEUED = 128

/** Datagrams that wait to be sent, those of one socket with one system call. */
export class SendQueue {
  readonly #calls: BatchCalls
  readonly #onFault: OnSocketFault
  readonly #messages: MessageBatch
  readonly #descriptors = new Int32Array(MAX_QUEUED)
  /** Keeps alive what the messages point to. */
  readonly #payloads: Uint8Array[] = []
  readonly #addresses = new WeakMap<Uint8Array, number>()
  #queued = 0

  constructor(calls: BatchCalls, onFault: OnSocketFault) {
    this.#calls = calls
    this.#onFault = onFault
    this.#messages = new MessageBatch(MAX_QUEUED, calls)
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
  addPacket(descriptor: number, packet: Peer & { readonly bytes: Uint8Array }): void {
    const index = this.#next(descriptor, packet, packet.bytes)
    this.#messages.setHeader(index, -1)
    this.#messages.setPayload(index, this.#addressOf(packet.bytes), packet.bytes.length)
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

  #next(descriptor: number, { client, clientPort }: Peer, payload: Uint8Array): number {
    if (this.#queued === MAX_QUEUED) this.flush()
    const index = this.#queued++
    this.#descriptors[index] = descriptor
    this.#payloads[index] = payload
    this.#messages.setPeer(index, client, clientPort)
    return index
  }

  #addressOf(bytes: Uint8Array): number {
    const known = this.#addresses.get(bytes)
    if (known !== undefined) return known
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
      // The first one failed. It is lost like any packet on its way, and sent again in its time.
      const code = this.#calls.errno()
      if (code !== 'EAGAIN') this.#onFault(new SystemCallError('sendmmsg', code))
      at++
    }
  }
}
