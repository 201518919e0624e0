import type { Ipv4 } from '../../net/ipv4.ts'
import type { TidPool } from '../../tftp/transfers.ts'
import type { UdpSocket } from './udp-socket.ts'

/** Transfers after which a socket is replaced by one on another port. */
const TRANSFERS_PER_SOCKET = 64

/** A socket, and the number that the engine knows it by. */
export type TransferSocket = { readonly channel: number; readonly socket: UdpSocket }

type Slot = TransferSocket & {
  /** The client of each transfer on it. */
  readonly users: Ipv4[]
  transfersLeft: number
  /** Replaced, and closed with its last transfer. */
  isRetired: boolean
}

/** Opens one more socket on a random port of the address of a listener; rejects if it cannot. */
export type OpenTransferSocket = (listener: number) => Promise<TransferSocket>

/**
 * The sockets of transfers: a few on each of our addresses, on random ports (RFC 1350 section 4)
 * that change over time. A socket serves several clients at once, and a client has a port to itself
 * for each of its transfers as long as it runs no more of them than there are sockets; beyond that,
 * which takes a load test, the client's own port still tells its transfers apart.
 */
export class TftpSocketPool implements TidPool {
  readonly #open: OpenTransferSocket
  readonly #onFault: (fault: unknown) => void
  /** By listener; those that were taken longest ago first. */
  readonly #queues = new Map<number, Slot[]>()
  readonly #slots = new Map<number, Slot>()
  #isClosed = false

  /** @param onFault - Hears why a socket could not be replaced; the old one goes on then. */
  constructor(open: OpenTransferSocket, onFault: (fault: unknown) => void) {
    this.#open = open
    this.#onFault = onFault
  }

  /** Opens `count` sockets for a listener, 1 or more. */
  async fill(listener: number, count: number): Promise<void> {
    const opened = Array.from({ length: count }, () => this.#open(listener))
    const results = await Promise.allSettled(opened)
    for (const result of results) {
      if (result.status === 'fulfilled') this.#add(listener, result.value)
    }
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  /** The socket behind a number; undefined once it is closed. */
  socketOf(channel: number): UdpSocket | undefined {
    return this.#slots.get(channel)?.socket
  }

  /** Sockets that the system has no more: asked of it. */
  get lost(): number {
    return [...this.#slots.values()].filter(({ socket }) => !socket.isBound()).length
  }

  /** Others take the place of those that the system has no more; what ran on them is lost. */
  replaceLost(): void {
    for (const [listener, queue] of this.#queues) {
      for (const slot of queue) if (!slot.socket.isBound()) this.#replace(listener, slot)
    }
    for (const slot of [...this.#slots.values()]) {
      if (!slot.isRetired || slot.socket.isBound()) continue
      this.#slots.delete(slot.channel)
      slot.socket.close()
    }
  }

  take(listener: number, client: Ipv4): number {
    const queue = this.#queueOf(listener)
    const slot = pick(queue, client)
    slot.users.push(client)
    queue.splice(queue.indexOf(slot), 1)
    queue.push(slot)
    slot.transfersLeft--
    if (slot.transfersLeft === 0) this.#replace(listener, slot)
    return slot.channel
  }

  giveBack(channel: number, client: Ipv4): void {
    const slot = this.#slots.get(channel)
    if (slot === undefined) return
    const place = slot.users.indexOf(client)
    if (place >= 0) slot.users.splice(place, 1)
    this.#closeIfDone(slot)
  }

  forReply(listener: number): number {
    const queue = this.#queueOf(listener)
    return (queue[Math.floor(Math.random() * queue.length)] as Slot).channel
  }

  /** Closes every socket, also those that are still being opened. */
  close(): void {
    this.#isClosed = true
    for (const { socket } of this.#slots.values()) socket.close()
    this.#slots.clear()
    this.#queues.clear()
  }

  #queueOf(listener: number): Slot[] {
    return this.#queues.get(listener) ?? []
  }

  #add(listener: number, opened: TransferSocket): void {
    if (this.#isClosed) {
      opened.socket.close()
      return
    }
    const slot = {
      ...opened,
      users: [],
      transfersLeft: TRANSFERS_PER_SOCKET,
      isRetired: false,
    }
    this.#slots.set(opened.channel, slot)
    this.#queues.set(listener, [slot, ...this.#queueOf(listener)])
  }

  #replace(listener: number, slot: Slot): void {
    this.#open(listener).then(
      (opened) => {
        this.#add(listener, opened)
        const queue = this.#queueOf(listener)
        this.#queues.set(
          listener,
          queue.filter((other) => other !== slot),
        )
        slot.isRetired = true
        this.#closeIfDone(slot)
      },
      (fault) => {
        slot.transfersLeft = TRANSFERS_PER_SOCKET
        if (!this.#isClosed) this.#onFault(fault)
      },
    )
  }

  #closeIfDone(slot: Slot): void {
    if (!slot.isRetired || slot.users.length > 0) return
    this.#slots.delete(slot.channel)
    slot.socket.close()
  }
}

/**
 * One of the longer-rested half of the sockets, at random, so that a port comes neither twice in a
 * row nor in a known order; from there on the first that the client does not use.
 */
function pick(queue: readonly Slot[], client: Ipv4): Slot {
  const start = Math.floor(Math.random() * Math.ceil(queue.length / 2))
  for (let step = 0; step < queue.length; step++) {
    const slot = queue[(start + step) % queue.length] as Slot
    if (!slot.users.includes(client)) return slot
  }
  return queue[start] as Slot
}
