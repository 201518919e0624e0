import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { DhcpRelaySocket, type Patience } from '../support/dhcp-relay-socket.ts'
import { type ClientMessage, datagramOf, readReply, type ServerReply } from './dhcp-datagram.ts'

const SERVER_PORT = 67
const CLIENT_PORT = 68

/** What a client behind the relay agent says. */
type Said = Omit<ClientMessage, 'giaddr'>

/**
 * A relay agent with its clients behind it, on one machine that has all of their addresses for its
 * own: it forwards what clients broadcast, and lets those that have an address renew past it.
 */
export class RelayAgent {
  /** The server's address. */
  readonly server: string
  readonly #address: string
  readonly #socket: DhcpRelaySocket

  private constructor(address: string, server: string, socket: DhcpRelaySocket) {
    this.#address = address
    this.server = server
    this.#socket = socket
  }

  static async open({ address, server }: { readonly address: string; readonly server: string }) {
    const place = { address, port: SERVER_PORT, server, serverPort: SERVER_PORT }
    return new RelayAgent(address, server, await DhcpRelaySocket.open(place))
  }

  /** What the server says to a client that broadcasts; undefined for silence. */
  async relay(message: Said, patience: Patience): Promise<ServerReply | undefined> {
    const relayed = datagramOf({ ...message, giaddr: this.#address })
    return replyIn(await this.#socket.relay(relayed, patience))
  }

  /** What the server says to a client that sends from the address that it has. */
  async unicast(
    message: Said & { readonly ciaddr: string },
    patience: Patience,
  ): Promise<ServerReply | undefined> {
    const socket = createSocket('udp4')
    this.#socket.hear(socket)
    socket.bind(CLIENT_PORT, message.ciaddr)
    await once(socket, 'listening')
    const reply = await this.#socket.ask(datagramOf(message), patience, socket)
    socket.close()
    return replyIn(reply)
  }

  /** Sends what gets no answer, from the client's own address (RFC 2131 section 4.4.4). */
  async report(message: Said & { readonly ciaddr: string }): Promise<void> {
    await this.unicast(message, { tries: 1, eachMs: 1 })
  }

  close(): void {
    this.#socket.close()
  }
}

function replyIn(datagram: Buffer | undefined): ServerReply | undefined {
  return datagram === undefined ? undefined : readReply(datagram)
}
