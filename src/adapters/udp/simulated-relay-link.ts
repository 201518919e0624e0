import type { Socket } from 'node:dgram'
import { formatIpv4, type Ipv4, ipv4ToBytes } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { decodeMessage } from '../../wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../wire/dhcp/encode-message.ts'
import { RELAY_AGENT_INFORMATION } from '../../wire/dhcp/layout.ts'
import { MessageType } from '../../wire/dhcp/message.ts'
import { RelaySubOption } from '../../wire/dhcp/relay-agent-information.ts'
import { newSocket, openUdpSocket } from './open-socket.ts'
import type { SimulatedPhoneLink } from './simulated-phone-link.ts'

/** A relay agent inside the process. */
export type RelayLinkConfig = {
  readonly server: Ipv4
  readonly dhcpPort: number
  /** Ours, in a network of 127/8 that the server serves; replies come back to it. */
  readonly giaddr: Ipv4
  /** An address of the phones' network, where that is not giaddr's (RFC 3527); null for none. */
  readonly linkSelection: Ipv4 | null
}

/** Room for every message of ours with option 82 appended. */
const MAX_OCTETS = 1472

/** Hundreds of phones may be switched on at once. */
const RECEIVE_BUFFER_BYTES = 1_048_576

/**
 * Lets phones live on the loopback interface without any rights: their DHCP messages go to the server
 * through a relay agent of its own, which asks for replies to the port that it sent from (RFC 8357).
 *
 * Phones then use their leased addresses as they are: Linux takes every address of 127/8 for local.
 * Other systems take 127.0.0.1 alone, and `open` fails there.
 */
export class SimulatedRelayLink implements SimulatedPhoneLink {
  readonly #config: RelayLinkConfig
  #socket: Socket | null = null
  #onFault: (fault: Error) => void = () => {}
  readonly #relayInformation: Uint8Array

  constructor(config: RelayLinkConfig) {
    this.#config = config
    this.#relayInformation = relayInformation(config.linkSelection)
  }

  async open(onReply: (bytes: Uint8Array) => void, onFault: (fault: Error) => void): Promise<void> {
    const socket = await openUdpSocket({
      address: this.#config.giaddr,
      port: 0,
      interfaceName: null,
      broadcast: false,
      bufferBytes: RECEIVE_BUFFER_BYTES,
      sharesPort: false,
    })
    socket.on('error', onFault)
    socket.on('message', onReply)
    this.#onFault = onFault
    this.#socket = socket
  }

  send(_mac: Mac, bytes: Uint8Array): void {
    const { server, dhcpPort, giaddr } = this.#config
    const released = releasedAddress(bytes)
    if (released !== null) {
      sendRelease(bytes, released, { server, port: dhcpPort }, this.#onFault)
      return
    }
    const { options, ...header } = decodeMessage(bytes)
    const relayed = encodeMessage(
      { ...header, hops: header.hops + 1, giaddr },
      [...options, [RELAY_AGENT_INFORMATION, this.#relayInformation]],
      MAX_OCTETS,
    )
    this.#socket?.send(relayed.bytes, dhcpPort, formatIpv4(server))
  }

  takeAddress(): void {}

  dropAddress(): void {}

  unplug(): void {}

  close(): void {
    this.#socket?.close()
    this.#socket = null
  }
}

function relayInformation(linkSelection: Ipv4 | null): Uint8Array {
  const sourcePort = [RelaySubOption.sourcePort, 0]
  if (linkSelection === null) return Uint8Array.from(sourcePort)
  const address = ipv4ToBytes(linkSelection)
  return Uint8Array.of(...sourcePort, RelaySubOption.linkSelection, 4, ...address)
}

/** The address that a phone's message gives back; null where it is no RELEASE. */
function releasedAddress(bytes: Uint8Array): Ipv4 | null {
  const { ciaddr, options } = decodeMessage(bytes)
  return options.get(53)?.[0] === MessageType.release ? ciaddr : null
}

/**
 * Sends a RELEASE as its phone does: past relay agents, from the address that it gives back
 * (RFC 2131 section 4.4.4). It leaves before the call returns, for the address is taken away next.
 */
function sendRelease(
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
