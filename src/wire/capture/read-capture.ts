import { WireError } from '../wire-error.ts'
import type { Capture } from './captured-packet.ts'
import { isPcap, readPcap } from './read-pcap.ts'
import { isPcapng, readPcapng } from './read-pcapng.ts'

/** Whether the bytes begin as a capture file of either kind does. */
export function isCapture(bytes: Uint8Array): boolean {
  return isPcap(bytes) || isPcapng(bytes)
}

/**
 * Reads a capture file of either kind, told by its content.
 *
 * @throws WireError as `readPcap` and `readPcapng` do, `BAD_MAGIC` where it is neither.
 */
export function readCapture(bytes: Uint8Array): Capture {
  if (isPcapng(bytes)) return readPcapng(bytes)
  if (isPcap(bytes)) return readPcap(bytes)
  throw new WireError('BAD_MAGIC', 0, 'neither pcap nor pcapng')
}
