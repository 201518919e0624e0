import { UNSPECIFIED } from '../../net/ipv4.ts'
import type { Datagram } from '../../tftp/datagram.ts'
import type { Peer, SendBlocks } from '../../tftp/effect.ts'
import { OPCODE } from '../../wire/tftp/packet.ts'
import type { Libc, Watch } from './native/libc.ts'
import {
  AddressFamily,
  internetAddress,
  optionNumber,
  SocketType,
} from './native/socket-address.ts'
import { SystemCallError } from './native/system-call-error.ts'
import type { BatchCalls } from './tftp-batch-calls.ts'
import { MessageBatch } from './tftp-message-batch.ts'
import type { OnSocketFault, SocketWish, TftpSocket, TftpSockets } from './tftp-socket.ts'

/** Linux's numbers. */
const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLLIN = 1
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33

/** Sockets that one call tells of, and datagrams that one call takes from a socket. */
const MAX_READY = 64
const MAX_RECEIVED = 32
/** Datagrams that wait to be sent, at most. */
const MAX_QUEUED = 128
/** Longer than a request may be (RFC 2347), so that what was cut off is still too long. */
const SLOT_BYTES = 1024
/** Times that waiting datagrams are fetched before timers and others have their turn. */
const MAX_ROUNDS = 8

/** `struct epoll_event`: packed on x64 alone. */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16
const EVENT_DATA_AT = process.arch === 'x64' ? 4 : 8

/**
 * Sockets of Linux, many datagrams with each system call: one descriptor that stands for all of
 * them wakes the event loop, recvmmsg fetches what waits, sendmmsg sends the answers, and the
 * octets of a file go to the kernel from where they lie. At half the cost of Node's own sockets.
 */
export class TftpBatchSockets implements TftpSockets {
  readonly #libc: Libc
  readonly #calls: BatchCalls
  readonly #onFault: OnSocketFault
  readonly #epoll: number
  readonly #watch: Watch
  readonly #events = new DataView(new ArrayBuffer(MAX_READY * EVENT_BYTES))
  readonly #eventsAddress: number
  /** By descriptor. */
  readonly #wishes = new Map<number, SocketWish>()
  readonly #received: MessageBatch
  readonly #slots: readonly Uint8Array[]
  readonly #queue: MessageBatch
  readonly #queuedFor = new Int32Array(MAX_QUEUED)
  /** Keeps alive what the queue points to. */
  readonly #queuedBytes: Uint8Array[] = []
  #queued = 0
  readonly #addresses = new WeakMap<Uint8Array, number>()
  readonly #datagram: { -readonly [Key in keyof Datagram]: Datagram[Key] } = {
    bytes: new Uint8Array(),
    length: 0,
    client: UNSPECIFIED,
    clientPort: 0,
    channel: 0,
  }

  constructor(libc: Libc, calls: BatchCalls, onFault: OnSocketFault) {
    this.#libc = libc
    this.#calls = calls
    this.#onFault = onFault
    this.#received = new MessageBatch(MAX_RECEIVED, calls)
    this.#queue = new MessageBatch(MAX_QUEUED, calls)
    const memory = new Uint8Array(MAX_RECEIVED * SLOT_BYTES)
    const memoryAddress = calls.addressOf(memory)
    this.#slots = Array.from({ length: MAX_RECEIVED }, (_, index) => {
      this.#received.setHeader(index, -1)
      this.#received.setPayload(index, memoryAddress + index * SLOT_BYTES, SLOT_BYTES)
      return memory.subarray(index * SLOT_BYTES, (index + 1) * SLOT_BYTES)
    })
    this.#eventsAddress = calls.addressOf(new Uint8Array(this.#events.buffer))
    this.#epoll = this.#checked('epoll_create1', calls.epollCreate(EPOLL_CLOEXEC))
    this.#watch = libc.watch(this.#epoll, () => this.#onReadable())
  }

  async open(wish: SocketWish): Promise<TftpSocket> {
    const descriptor = this.#libc.socket(AddressFamily.inet, SocketType.datagram, 0)
    try {
      this.#setBuffer(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, wish.bufferBytes)
      // A window of every transfer on the socket leaves at once, or what does not fit is lost.
      this.#setBuffer(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, wish.bufferBytes)
      this.#libc.bind(descriptor, internetAddress(wish.address, wish.port))
      this.#events.setUint32(0, EPOLLIN, true)
      this.#events.setUint32(EVENT_DATA_AT, descriptor, true)
      const { epollControl } = this.#calls
      const added = epollControl(this.#epoll, EPOLL_CTL_ADD, descriptor, this.#eventsAddress)
      this.#checked('epoll_ctl', added)
    } catch (error) {
      this.#libc.close(descriptor)
      throw error
    }
    this.#wishes.set(descriptor, wish)
    return this.#socketOf(descriptor)
  }

  flush(): void {
    let first = 0
    while (first < this.#queued) {
      const descriptor = this.#queuedFor[first] as number
      let end = first + 1
      while (end < this.#queued && this.#queuedFor[end] === descriptor) end++
      this.#sendRun(descriptor, first, end)
      first = end
    }
    this.#queued = 0
  }

  close(): void {
    this.#watch.end()
    this.#libc.close(this.#epoll)
  }

  #socketOf(descriptor: number): TftpSocket {
    let isOpen = true
    return {
      port: this.#calls.localPort(descriptor),
      sendBlocks: (blocks) => this.#queueBlocks(descriptor, blocks),
      sendPacket: (packet) => this.#queuePacket(descriptor, packet),
      close: () => {
        // The number of a closed descriptor may be somebody else's by now.
        if (!isOpen) return
        isOpen = false
        this.flush()
        this.#wishes.delete(descriptor)
        this.#libc.close(descriptor)
      },
    }
  }

  /** Beyond the system's limit where we have the right to, otherwise up to it. */
  #setBuffer(descriptor: number, forced: number, polite: number, bufferBytes: number): void {
    try {
      this.#libc.setsockopt(descriptor, forced, optionNumber(bufferBytes))
    } catch {
      // Without CAP_NET_ADMIN: the storm that needs more is a rare one.
      this.#libc.setsockopt(descriptor, polite, optionNumber(bufferBytes))
    }
  }

  #onReadable(): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const ready = this.#calls.epollWait(this.#epoll, this.#eventsAddress, MAX_READY, 0)
      if (ready <= 0) return
      for (let index = 0; index < ready; index++) {
        this.#receive(this.#events.getUint32(index * EVENT_BYTES + EVENT_DATA_AT, true))
      }
      this.flush()
    }
  }

  #receive(descriptor: number): void {
    const wish = this.#wishes.get(descriptor)
    // Closed by what came before it in this round.
    if (wish === undefined) return
    const received = this.#received
    const count = this.#calls.receiveMany(descriptor, received.addressOf(0), MAX_RECEIVED, 0)
    if (count < 0) this.#onCallFault('recvmmsg')
    const datagram = this.#datagram
    for (let index = 0; index < count; index++) {
      datagram.bytes = this.#slots[index] as Uint8Array
      datagram.length = received.lengthOf(index)
      datagram.client = received.peerOf(index)
      datagram.clientPort = received.portOf(index)
      datagram.channel = wish.channel
      wish.onDatagram(datagram)
    }
  }

  #queueBlocks(descriptor: number, blocks: SendBlocks): void {
    const { bytes, blockSize, firstBlock, count } = blocks
    const start = this.#addressOf(bytes)
    for (let block = firstBlock; block < firstBlock + count; block++) {
      const offset = (block - 1) * blockSize
      const length = Math.min(blockSize, bytes.length - offset)
      const index = this.#next(descriptor, blocks, bytes)
      this.#queue.setHeader(index, OPCODE.data * 65_536 + (block & 0xffff))
      this.#queue.setPayload(index, start + offset, length)
    }
  }

  #queuePacket(descriptor: number, packet: Peer & { readonly bytes: Uint8Array }): void {
    const index = this.#next(descriptor, packet, packet.bytes)
    this.#queue.setHeader(index, -1)
    this.#queue.setPayload(index, this.#addressOf(packet.bytes), packet.bytes.length)
  }

  #next(descriptor: number, { client, clientPort }: Peer, bytes: Uint8Array): number {
    if (this.#queued === MAX_QUEUED) this.flush()
    const index = this.#queued++
    this.#queuedFor[index] = descriptor
    this.#queuedBytes[index] = bytes
    this.#queue.setPeer(index, client, clientPort)
    return index
  }

  #addressOf(bytes: Uint8Array): number {
    const known = this.#addresses.get(bytes)
    if (known !== undefined) return known
    const address = this.#calls.addressOf(bytes)
    this.#addresses.set(bytes, address)
    return address
  }

  #sendRun(descriptor: number, first: number, end: number): void {
    let at = first
    while (at < end) {
      const sent = this.#calls.sendMany(descriptor, this.#queue.addressOf(at), end - at, 0)
      if (sent > 0) {
        at += sent
        continue
      }
      // The first one failed. It is lost like any packet on the way: its retransmission may do better.
      this.#onCallFault('sendmmsg')
      at++
    }
  }

  #onCallFault(call: string): void {
    const code = this.#calls.errno()
    if (code !== 'EAGAIN') this.#onFault(new SystemCallError(call, code))
  }

  #checked(call: string, result: number): number {
    if (result < 0) throw new SystemCallError(call, this.#calls.errno())
    return result
  }
}
