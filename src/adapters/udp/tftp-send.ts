import type { Socket } from 'node:dgram'
import { formatIpv4 } from '../../net/ipv4.ts'
import type { Peer, SendBlocks } from '../../tftp/effect.ts'
import { writeDataHeader } from '../../wire/tftp/encode-packet.ts'
import { DATA_HEADER_BYTES } from '../../wire/tftp/packet.ts'

/** Sends a window of DATA packets; a socket that has been closed meanwhile sends nothing. */
export function sendBlocks(socket: Socket | undefined, blocks: SendBlocks): void {
  const { bytes, blockSize, firstBlock, count } = blocks
  const address = formatIpv4(blocks.client)
  for (let block = firstBlock; block < firstBlock + count; block++) {
    const start = (block - 1) * blockSize
    const payload = bytes.subarray(start, start + blockSize)
    // A packet of its own: where the system's buffer is full, Node keeps it for later.
    const packet = Buffer.allocUnsafe(DATA_HEADER_BYTES + payload.length)
    writeDataHeader(block, packet, 0)
    packet.set(payload, DATA_HEADER_BYTES)
    socket?.send(packet, 0, packet.length, blocks.clientPort, address)
  }
}

/** Sends one packet. */
export function sendPacket(
  socket: Socket | undefined,
  packet: Peer & { readonly bytes: Uint8Array },
): void {
  socket?.send(packet.bytes, packet.clientPort, formatIpv4(packet.client))
}
