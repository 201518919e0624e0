import type { SocketWish, UdpSocket, UdpSockets } from '../src/adapters/udp/udp-socket.ts'
import { UNSPECIFIED } from '../src/net/ipv4.ts'

/** Sockets that lead nowhere: a server on them hears what it is given, and what it sends is kept. */
export class StageSockets implements UdpSockets {
  #onDatagram: SocketWish['onDatagram'] = () => {}
  #lastSent: Uint8Array = new Uint8Array(0)

  /** The newest datagram that was sent; empty if there was none. */
  get lastSent(): Uint8Array {
    return this.#lastSent
  }

  async open({ port, onDatagram }: SocketWish): Promise<UdpSocket> {
    this.#onDatagram = onDatagram
    return {
      port,
      isBound: () => true,
      sendPacket: ({ bytes }) => {
        this.#lastSent = bytes
      },
      sendBlocks: ({ bytes }) => {
        this.#lastSent = bytes
      },
      close: () => {},
    }
  }

  /** Hands a datagram to the socket that was opened last. */
  receive(datagram: Uint8Array): void {
    // No buffer of Node's, as real sockets hand over none.
    const bytes = new Uint8Array(datagram)
    const { length } = bytes
    this.#onDatagram({ bytes, length, client: UNSPECIFIED, clientPort: 68, channel: 0 })
  }

  receiveWaiting(): void {}

  flush(): void {}

  close(): void {}
}
