import { codeOf } from '../../services/error-code.ts'
import type { BatchCalls, NativeCalls } from './batch-calls.ts'
import type { Libc, Watch } from './native/libc.ts'
import { SystemCallError } from './native/system-call-error.ts'
import { enlargeSendBuffer, openDescriptor } from './open-socket.ts'
import { ReceiveBatch } from './receive-batch.ts'
import { SendQueue } from './send-queue.ts'
import { SocketError } from './socket-error.ts'
import type { SocketOptions, UdpSocket, UdpSockets } from './udp-socket.ts'

/** Linux's numbers. */
const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLLIN = 1

/** Sockets that one call tells of. */
const MAX_READY = 64
/**
 * Times that waiting datagrams are fetched before timers and others have their turn. With 200 transfers
 * a round is some 200 blocks, half a millisecond, for which an OFFER waits; a turn costs 10 µs.
 */
const MAX_ROUNDS = 2
/** With fewer sockets than this there is no crowd, and the event loop may look for the next ones. */
const CROWD = 4

/** `struct epoll_event`: packed on x64 alone. */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16
const EVENT_DATA_AT = process.arch === 'x64' ? 4 : 8

/**
 * Sockets of Linux, many datagrams with each system call: one descriptor that stands for all of
 * them wakes the event loop, recvmmsg fetches what waits, sendmmsg sends the answers, and the
 * bytes of a file go to the kernel from where they lie. At half the cost of Node's own sockets.
 */
export class BatchSockets implements UdpSockets {
  readonly #libc: Libc
  readonly #calls: BatchCalls
  readonly #onFault: (fault: unknown) => void
  readonly #epoll: number
  readonly #watch: Watch
  readonly #events = new DataView(new ArrayBuffer(MAX_READY * EVENT_BYTES))
  readonly #eventsAddress: number
  /** By descriptor. */
  readonly #optionsOf = new Map<number, SocketOptions>()
  readonly #packets: ReceiveBatch
  readonly #requests: ReceiveBatch
  readonly #queue: SendQueue
  /** Listeners with something to receive; used again in each round. */
  readonly #readyListeners: number[] = []
  #isClosed = false

  /**
   * @param maxDatagramBytes - Bytes kept of each datagram; a longer one arrives cut off.
   * @param onFault - Hears what concerns no socket alone.
   */
  constructor(
    { libc, calls }: NativeCalls,
    maxDatagramBytes: number,
    onFault: (fault: unknown) => void,
  ) {
    this.#libc = libc
    this.#calls = calls
    this.#onFault = onFault
    this.#packets = new ReceiveBatch(calls, maxDatagramBytes)
    this.#requests = new ReceiveBatch(calls, maxDatagramBytes)
    this.#queue = new SendQueue(calls, (descriptor, code) =>
      this.#optionsOf.get(descriptor)?.onSendFailed(code),
    )
    this.#eventsAddress = calls.addressOf(new Uint8Array(this.#events.buffer))
    this.#epoll = this.#checked('epoll_create1', calls.epollCreate(EPOLL_CLOEXEC))
    this.#watch = libc.watch(this.#epoll, () => this.#onReadable())
  }

  async open(options: SocketOptions): Promise<UdpSocket> {
    const descriptor = this.#openDescriptor(options)
    this.#optionsOf.set(descriptor, options)
    return this.#socketOf(descriptor, options)
  }

  flush(): void {
    this.#queue.flush()
  }

  close(): void {
    this.#isClosed = true
    this.#watch.end()
    this.#libc.close(this.#epoll)
  }

  #socketOf(descriptor: number, options: SocketOptions): UdpSocket {
    let isOpen = true
    const port = this.#calls.localPort(descriptor)
    // A number that the system took back may have gone to a later socket of ours.
    const isBound = () =>
      isOpen &&
      this.#optionsOf.get(descriptor) === options &&
      this.#calls.localPort(descriptor) === port
    return {
      port,
      isBound,
      sendBlocks: (blocks) => this.#queue.addBlocks(descriptor, blocks),
      sendPacket: (packet) => this.#queue.addPacket(descriptor, packet),
      close: () => {
        // The number of a closed descriptor may be in use elsewhere by now.
        if (!isOpen) return
        const isOurs = isBound()
        isOpen = false
        this.#queue.flush()
        if (this.#optionsOf.get(descriptor) === options) this.#optionsOf.delete(descriptor)
        if (isOurs) this.#libc.close(descriptor)
      },
    }
  }

  #openDescriptor(options: SocketOptions): number {
    try {
      const descriptor = openDescriptor(this.#libc, options)
      try {
        // A window of every transfer on the socket leaves at once, or what does not fit is lost.
        enlargeSendBuffer(this.#libc, descriptor, options.bufferBytes)
        this.#watchOver(descriptor)
        return descriptor
      } catch (error) {
        this.#libc.close(descriptor)
        throw error
      }
    } catch (error) {
      throw SocketError.ofBind(options, codeOf(error), error)
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
      const options = this.#optionsOf.get(descriptor)
      // Closed by what came before it in this round.
      if (options === undefined) continue
      if (options.isListener) this.#readyListeners.push(descriptor)
      else this.#packets.deliver(this.#taken(this.#packets, descriptor, options), options)
    }
    return ready
  }

  #receiveRequests(descriptor: number): void {
    const options = this.#optionsOf.get(descriptor)
    if (options === undefined) return
    const count = this.#taken(this.#requests, descriptor, options)
    // Whatever a client sent to other sockets before its request is here by now.
    this.#receivePackets()
    if (this.#optionsOf.has(descriptor)) this.#requests.deliver(count, options)
  }

  #taken(batch: ReceiveBatch, descriptor: number, options: SocketOptions): number {
    const count = batch.take(descriptor)
    if (count >= 0) return count
    const code = this.#calls.errno()
    if (code !== 'EAGAIN') options.onFault(new SystemCallError('recvmmsg', code))
    return 0
  }

  #checked(call: string, result: number): number {
    if (result < 0) throw new SystemCallError(call, this.#calls.errno())
    return result
  }
}
