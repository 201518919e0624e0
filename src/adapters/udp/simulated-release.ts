import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { decodeMessage } from '../../wire/dhcp/decode-message.ts'
import { MessageType } from '../../wire/dhcp/message.ts'
import { newSocket } from './open-socket.ts'

/** The address that a phone's message gives back; null where it is no RELEASE. */
export function releasedAddress(bytes: Uint8Array): Ipv4 | null {
  const { ciaddr, options } = decodeMessage(bytes)
  return options.get(53)?.[0] === MessageType.release ? ciaddr : null
}

/**
 * Sends a RELEASE as its phone does: past relay agents, from the address that it gives back
 * (RFC 2131 section 4.4.4). It leaves before the call returns, for the address is taken away next.
 */
export function sendRelease(
  bytes: Uint8Array,
  from: Ipv4,
  { server, port }: { readonly server: Ipv4; readonly port: number },
  onFault: (fault: Error) => void,
): void {
  const socket = newSocket()
  socket.on('error', onFault)
  socket.bind(0, formatIpv4(from))
  socket.send(bytes, port, formatIpv4(server), () => socket.close())
}
