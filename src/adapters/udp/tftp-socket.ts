import type { Ipv4 } from '../../net/ipv4.ts'
import type { Datagram } from '../../tftp/datagram.ts'
import type { Peer, SendBlocks } from '../../tftp/effect.ts'

/** A bound UDP socket of the TFTP server. */
export interface TftpSocket {
  readonly port: number
  /** Sends a window of DATA packets, at the latest with the next `flush`. */
  sendBlocks(blocks: SendBlocks): void
  /** Sends one packet, at the latest with the next `flush`. `bytes` is not changed meanwhile. */
  sendPacket(packet: Peer & { readonly bytes: Uint8Array }): void
  /** Sends what waits, and receives nothing any more. */
  close(): void
}

/** What a socket is to be. */
export type SocketWish = {
  /** One of ours: replies leave from it, and broadcasts are not heard (RFC 1123 section 4.2.3.5). */
  readonly address: Ipv4
  /** 0 for a random one. */
  readonly port: number
  /**
   * Wanted receive buffer, in octets; the system may grant less. A few hundred phones that start at
   * once send more requests than the usual 208 KB hold.
   */
  readonly bufferBytes: number
  /**
   * Requests come in here: what a client sent to other sockets before its request is handed over
   * before it, so that a client which asks for the next file from the same port is seen to have
   * acknowledged the last one.
   */
  readonly isListener: boolean
  /** Told with each datagram as the engine's `channel`. */
  readonly channel: number
  /** The datagram is valid during the call. */
  readonly onDatagram: (datagram: Datagram) => void
}

/** A way to get datagrams in and out. */
export interface TftpSockets {
  /**
   * Opens a socket.
   *
   * @throws The operating system's error, with its name as `code`.
   */
  open(wish: SocketWish): Promise<TftpSocket>
  /** Sends what waits; to be called after sending outside of `onDatagram`. */
  flush(): void
  /** Gives back what sockets have in common; they are closed before. */
  close(): void
}

/** Hears of sockets that failed to send or to receive; the server goes on. */
export type OnSocketFault = (fault: unknown) => void
