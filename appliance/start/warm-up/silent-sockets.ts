import type { SocketOptions, UdpSocket, UdpSockets } from '../../../src/adapters/udp/udp-socket.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'

/** Who a datagram is said to come from. */
export type Sender = { readonly client: Ipv4; readonly clientPort: number }

/** What was sent, and by which socket, by its place in the order of opening. */
export type Sent = { readonly by: number; readonly bytes: Uint8Array }

/** Sockets on port 0 get ports from here on. */
const FIRST_PORT = 49_152

/**
 * Sockets that lead nowhere: an endpoint on them receives what it is given here, and of what it sends
 * the newest is remembered.
 */
export class SilentSockets implements UdpSockets {
  readonly #opened: SocketOptions[] = []
  #sent: Sent | null = null

  /** Sockets that were opened so far. */
  get count(): number {
    return this.#opened.length
  }

  /** The newest that was sent, once. */
  takeSent(): Sent | null {
    const sent = this.#sent
    this.#sent = null
    return sent
  }

  /** Hands a datagram to a socket, by its place in the order of opening. */
  receive(at: number, { client, clientPort }: Sender, bytes: Uint8Array): void {
    const { channel, onDatagram } = this.#opened[at] as SocketOptions
    onDatagram({ bytes, length: bytes.length, client, clientPort, channel })
  }

  async open(options: SocketOptions): Promise<UdpSocket> {
    const by = this.#opened.push(options) - 1
    const remember = ({ bytes }: { readonly bytes: Uint8Array }) => {
      this.#sent = { by, bytes }
    }
    return {
      port: options.port === 0 ? FIRST_PORT + by : options.port,
      isBound: () => true,
      sendPacket: remember,
      sendBlocks: remember,
      close: () => {},
    }
  }

  flush(): void {}

  close(): void {}
}
