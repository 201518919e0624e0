import type { Ipv4 } from '../net/ipv4.ts'
import type { TftpEvent } from './events.ts'

/**
 * What the caller of the TFTP engine must do, in order. Valid until the engine is called again: the
 * engine sends most packets by the same few objects, so that a block costs no allocation.
 */
export type TftpEffect =
  | SendBlocks
  /** One packet that is no DATA: OACK or ERROR. */
  | ({ readonly kind: 'send'; readonly bytes: Uint8Array } & Peer)
  | { readonly kind: 'event'; readonly event: TftpEvent }

/** Whom to send to, and from which socket. */
export type Peer = {
  readonly client: Ipv4
  readonly clientPort: number
  /** The adapter's number of the socket. */
  readonly channel: number
}

/**
 * DATA packets `firstBlock` to `firstBlock + count - 1`, numbered from 1 and not wrapped. Block n
 * is the bytes of `bytes` from (n - 1) * blockSize on, at most blockSize of them, maybe none.
 */
export type SendBlocks = Peer & {
  readonly kind: 'send-blocks'
  /** The whole file; shared, never changed. */
  readonly bytes: Uint8Array
  readonly blockSize: number
  readonly firstBlock: number
  readonly count: number
}
