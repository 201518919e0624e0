import type { Ipv4 } from '../../net/ipv4.ts'
import type { SendBlocks } from '../../tftp/effect.ts'
import type { UdpSocketSettings } from './open-socket.ts'

/**
 * One datagram as a socket received it. The same object and the same memory serve for the next one,
 * so nothing of it is kept beyond the call.
 */
export type ReceivedDatagram = {
  /** Memory that begins with the datagram and may be longer. */
  readonly bytes: Uint8Array
  /** Bytes of the datagram, at most `bytes.length`. */
  readonly length: number
  readonly client: Ipv4
  readonly clientPort: number
  /** `SocketOptions.channel` of the socket. */
  readonly channel: number
}

/** One datagram to be sent; `bytes` is not changed until it has left. */
export type OutgoingDatagram = {
  readonly bytes: Uint8Array
  readonly client: Ipv4
  readonly clientPort: number
}

/** A bound UDP socket of a server. */
export interface UdpSocket {
  readonly port: number
  /** Whether the system still has it, bound to its port: asked of the system each time. */
  isBound(): boolean
  /** Sends a window of TFTP's DATA packets, at the latest with the next `flush`. */
  sendBlocks(blocks: SendBlocks): void
  /** Sends one packet, at the latest with the next `flush`. */
  sendPacket(packet: OutgoingDatagram): void
  /** Sends what waits, and receives nothing any more. */
  close(): void
}

/** What a server's socket is to be, and who hears of it. */
export type SocketOptions = UdpSocketSettings & {
  /**
   * Requests come in here: what a client sent to other sockets before its request is handed over
   * before it, so that a client which asks for the next file from the same port is seen to have
   * acknowledged the last one.
   */
  readonly isListener: boolean
  /** Called with each datagram. */
  readonly channel: number
  /** The datagram is valid during the call. */
  readonly onDatagram: (datagram: ReceivedDatagram) => void
  /** A datagram did not leave, for the system's reason (`ENETUNREACH`); the others go. */
  readonly onSendFailed: (code: string) => void
  /** The socket failed to receive; it stays open. */
  readonly onFault: (fault: unknown) => void
}

/** A way to get datagrams in and out. */
export interface UdpSockets {
  /**
   * Opens a socket.
   *
   * @throws `SocketError` that says what was found and what to do.
   */
  open(options: SocketOptions): Promise<UdpSocket>
  /** Sends what waits; to be called after sending outside of `onDatagram`. */
  flush(): void
  /** Gives back what sockets have in common; they are closed before. */
  close(): void
}
