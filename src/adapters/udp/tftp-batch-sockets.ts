import type { Libc, Watch } from './native/libc.ts'
import {
  AddressFamily,
  internetAddress,
  optionNumber,
  SocketType,
} from './native/socket-address.ts'
import { SystemCallError } from './native/system-call-error.ts'
import type { BatchCalls } from './tftp-batch-calls.ts'
import { ReceiveBatch } from './tftp-receive-batch.ts'
import { SendQueue } from './tftp-send-queue.ts'
import type { OnSocketFault, SocketWish, TftpSocket, TftpSockets } from './tftp-socket.ts'

/** Linux's numbers. */
const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLLIN = 1
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33

/** Sockets that one call tells of. */
const MAX_READY = 64
/** Times that waiting datagrams are fetched before timers and others have their turn. */
const MAX_ROUNDS = 8
/** With fewer sockets than this there is no crowd, and the event loop may look for the next ones. */
const CROWD = 4

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
  readonly #packets: ReceiveBatch
  readonly #requests: ReceiveBatch
  readonly #queue: SendQueue
  /** Listeners with something to receive; used again in each round. */
  readonly #readyListeners: number[] = []
  #isClosed = false

  constructor(libc: Libc, calls: BatchCalls, onFault: OnSocketFault) {
    this.#libc = libc
    this.#calls = calls
    this.#onFault = onFault
    this.#packets = new ReceiveBatch(calls)
    this.#requests = new ReceiveBatch(calls)
    this.#queue = new SendQueue(calls, onFault)
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
      this.#watchOver(descriptor)
    } catch (error) {
      this.#libc.close(descriptor)
      throw error
    }
    this.#wishes.set(descriptor, wish)
    return this.#socketOf(descriptor)
  }

  flush(): void {
    this.#queue.flush()
  }

  close(): void {
    this.#isClosed = true
    this.#watch.end()
    this.#libc.close(this.#epoll)
  }

  #socketOf(descriptor: number): TftpSocket {
    let isOpen = true
    return {
      port: this.#calls.localPort(descriptor),
      sendBlocks: (blocks) => this.#queue.addBlocks(descriptor, blocks),
      sendPacket: (packet) => this.#queue.addPacket(descriptor, packet),
      close: () => {
        // The number of a closed descriptor may be somebody else's by now.
        if (!isOpen) return
        isOpen = false
        this.#queue.flush()
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

  #watchOver(descriptor: number): void {
    this.#events.setUint32(0, EPOLLIN, true)
    this.#events.setUint32(EVENT_DATA_AT, descriptor, true)
    const { epollControl } = this.#calls
    const added = epollControl(this.#epoll, EPOLL_CTL_ADD, descriptor, this.#eventsAddress)
    this.#checked('epoll_ctl', added)
  }

  #onReadable(): void {
    for (let round = 0; round < MAX_ROUNDS && !this.#isClosed; round++) {
      this.#readyListeners.length = 0
      const ready = this.#receivePackets()
      for (const descriptor of this.#readyListeners.splice(0)) this.#receiveRequests(descriptor)
      this.flush()
      if (ready < CROWD) return
    }
  }

  /** Receives from transfer sockets that have something, and notes listeners that do. */
  #receivePackets(): number {
    const ready = this.#calls.epollWait(this.#epoll, this.#eventsAddress, MAX_READY, 0)
    for (let index = 0; index < ready; index++) {
      const descriptor = this.#events.getUint32(index * EVENT_BYTES + EVENT_DATA_AT, true)
      const wish = this.#wishes.get(descriptor)
      // Closed by what came before it in this round.
      if (wish === undefined) continue
      if (wish.isListener) this.#readyListeners.push(descriptor)
      else this.#packets.deliver(this.#taken(this.#packets, descriptor), wish)
    }
    return ready
  }

  #receiveRequests(descriptor: number): void {
    const count = this.#taken(this.#requests, descriptor)
    // Whatever a client sent to other sockets before its request is here by now.
    this.#receivePackets()
    const wish = this.#wishes.get(descriptor)
    if (wish !== undefined) this.#requests.deliver(count, wish)
  }

  #taken(batch: ReceiveBatch, descriptor: number): number {
    const count = batch.take(descriptor)
    if (count >= 0) return count
    const code = this.#calls.errno()
    if (code !== 'EAGAIN') this.#onFault(new SystemCallError('recvmmsg', code))
    return 0
  }

  #checked(call: string, result: number): number {
    if (result < 0) throw new SystemCallError(call, this.#calls.errno())
    return result
  }
}
