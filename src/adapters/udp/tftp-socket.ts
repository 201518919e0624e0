import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'

/** A bound UDP socket of the TFTP server, and the number that the engine knows it by. */
export type TftpSocket = {
  readonly channel: number
  readonly dgram: Socket
  readonly close: () => void
}

/** Ports that transfers may use, both ends included. */
export type PortRange = { readonly first: number; readonly last: number }

/** Ports of a range that are tried before giving up: others may hold some of them. */
const MAX_DRAWS = 64

/**
 * Opens a UDP socket on one of our addresses, so that replies leave from it and broadcasts are not
 * heard (RFC 1123 section 4.2.3.5).
 *
 * @param port - 0 for a random one.
 * @param bufferBytes - Wanted receive buffer; the system may grant less. A few hundred phones that
 *   start at once send more requests than the usual 208 KB hold.
 * @throws The operating system's error, where the address or the rights are missing.
 */
export async function bindSocket(
  address: Ipv4,
  port: number,
  bufferBytes: number,
): Promise<Socket> {
  // Addresses are numbers already: nothing is looked up, and nothing is put off.
  const socket = createSocket({ type: 'udp4', lookup: alreadyKnown })
  const isBound = once(socket, 'listening')
  socket.bind(port, formatIpv4(address))
  try {
    await isBound
  } catch (error) {
    socket.close()
    throw error
  }
  socket.setRecvBufferSize(bufferBytes)
  return socket
}

/** The same on a random port of a range. */
export async function bindWithin(
  address: Ipv4,
  { first, last }: PortRange,
  bufferBytes: number,
): Promise<Socket> {
  for (let draw = 1; ; draw++) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    try {
      return await bindSocket(address, port, bufferBytes)
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || draw === MAX_DRAWS) throw error
    }
  }
}

function alreadyKnown(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, 4)
}
