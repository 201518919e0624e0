import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** Where a relay agent stands, and whom it asks. */
export type RelayPlace = {
  /** Its address on the clients' network; also giaddr. */
  readonly address: string
  /** 67, or 0 for any: then option 82.19 has to ask for it (RFC 8357). */
  readonly port: number
  readonly server: string
  readonly serverPort: number
}

/** How long an answer may take, and how often is asked. */
export type Patience = { readonly tries: number; readonly eachMs: number }

const XID_AT = 4
const GIADDR_AT = 24
const BOOTREPLY = 2

/**
 * The relay agent of tests, over a real socket: what clients broadcast goes to the server with
 * giaddr, and each answer to whoever waits for its xid. It works on octets, without the product's
 * codec.
 */
export class DhcpRelaySocket {
  readonly #place: RelayPlace
  readonly #socket: Socket
  readonly #waiting = new Map<number, (reply: Buffer) => void>()
  #nextXid = randomBytes(4).readUInt32BE()

  private constructor(place: RelayPlace, socket: Socket) {
    this.#place = place
    this.#socket = socket
    this.hear(socket)
  }

  static async open(place: RelayPlace): Promise<DhcpRelaySocket> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 })
    socket.bind(place.port, place.address)
    await once(socket, 'listening')
    return new DhcpRelaySocket(place, socket)
  }

  /** Takes answers from a client's own socket too. */
  hear(socket: Socket): void {
    socket.on('message', (datagram) => this.#onDatagram(datagram))
  }

  /** Sends octets as they are; resolves when the system has taken them. */
  send(datagram: Uint8Array, via: Socket = this.#socket): Promise<void> {
    const { server, serverPort } = this.#place
    return new Promise((resolve) => via.send(datagram, serverPort, server, () => resolve()))
  }

  /** The answer to a client's broadcast, a fresh xid for each try; undefined for silence. */
  relay(message: Uint8Array, patience: Patience): Promise<Buffer | undefined> {
    const relayed = Buffer.from(message)
    relayed.set(this.#place.address.split('.').map(Number), GIADDR_AT)
    return this.ask(relayed, patience)
  }

  /** The same for what a client sends past the relay agent, from a socket of its own. */
  async ask(
    message: Uint8Array,
    { tries, eachMs }: Patience,
    via: Socket = this.#socket,
  ): Promise<Buffer | undefined> {
    const datagram = Buffer.from(message)
    for (let attempt = 0; attempt < tries; attempt++) {
      this.#nextXid = (this.#nextXid + 1) >>> 0
      const xid = this.#nextXid
      datagram.writeUInt32BE(xid, XID_AT)
      const answer = this.#answerTo(xid, eachMs)
      await this.send(datagram, via)
      const reply = await answer
      if (reply !== undefined) return reply
    }
    return undefined
  }

  close(): void {
    this.#socket.close()
  }

  #answerTo(xid: number, withinMs: number): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const done = (reply?: Buffer) => {
        clearTimeout(timeout)
        this.#waiting.delete(xid)
        resolve(reply)
      }
      const timeout = setTimeout(done, withinMs)
      this.#waiting.set(xid, done)
    })
  }

  #onDatagram(datagram: Buffer): void {
    if (datagram.length < XID_AT + 4 || datagram[0] !== BOOTREPLY) return
    this.#waiting.get(datagram.readUInt32BE(XID_AT))?.(datagram)
  }
}
