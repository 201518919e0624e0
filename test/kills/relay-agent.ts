import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type ClientMessage, datagramOf, readReply, type ServerReply } from './dhcp-datagram.ts'

/** Where the relay agent stands. */
export type RelayPlace = {
  /** Its address on the clients' network; also giaddr. */
  readonly address: string
  readonly server: string
}

/** How long an answer may take, and how often is asked. */
export type Patience = { readonly tries: number; readonly eachMs: number }

/**
 * A relay agent with its clients behind it, on one machine that has all of their addresses for its
 * own: it forwards what clients broadcast, and lets those that have an address renew past it.
 */
export class RelayAgent {
  readonly #place: RelayPlace
  readonly #socket: Socket
  readonly #waiting = new Map<number, (reply: ServerReply) => void>()
  #lastXid = 0

  private constructor(place: RelayPlace, socket: Socket) {
    this.#place = place
    this.#socket = socket
    socket.on('message', (datagram) => this.#onDatagram(datagram))
  }

  static async open(place: RelayPlace): Promise<RelayAgent> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 })
    socket.bind(67, place.address)
    await once(socket, 'listening')
    return new RelayAgent(place, socket)
  }

  /** The server's address. */
  get server(): string {
    return this.#place.server
  }

  /** What the server says to a client that broadcasts; undefined for silence. */
  relay(message: Omit<ClientMessage, 'xid' | 'giaddr'>, patience: Patience) {
    const { address, server } = this.#place
    return this.#ask(patience, (xid) => {
      const relayed = datagramOf({ ...message, xid, giaddr: address })
      this.#socket.send(relayed, 67, server)
    })
  }

  /** What the server says to a client that sends from the address that it has. */
  async unicast(
    message: Omit<ClientMessage, 'xid' | 'giaddr'> & { readonly ciaddr: string },
    patience: Patience,
  ): Promise<ServerReply | undefined> {
    const socket = createSocket('udp4')
    socket.on('message', (datagram) => this.#onDatagram(datagram))
    socket.bind(68, message.ciaddr)
    await once(socket, 'listening')
    const reply = await this.#ask(patience, (xid) =>
      socket.send(datagramOf({ ...message, xid }), 67, this.#place.server),
    )
    socket.close()
    return reply
  }

  /** Sends what gets no answer, from the client's own address (RFC 2131 section 4.4.4). */
  async tell(message: Omit<ClientMessage, 'xid' | 'giaddr'> & { readonly ciaddr: string }) {
    await this.unicast(message, { tries: 1, eachMs: 1 })
  }

  close(): void {
    this.#socket.close()
  }

  async #ask(
    { tries, eachMs }: Patience,
    send: (xid: number) => void,
  ): Promise<ServerReply | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const xid = ++this.#lastXid
      const reply = await new Promise<ServerReply | undefined>((resolve) => {
        const timeout = setTimeout(() => resolve(undefined), eachMs)
        this.#waiting.set(xid, (answer) => {
          clearTimeout(timeout)
          resolve(answer)
        })
        send(xid)
      })
      this.#waiting.delete(xid)
      if (reply !== undefined) return reply
    }
    return undefined
  }

  #onDatagram(datagram: Buffer): void {
    const reply = readReply(datagram)
    if (reply !== undefined) this.#waiting.get(reply.xid)?.(reply)
  }
}
