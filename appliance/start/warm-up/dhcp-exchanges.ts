import { Option } from '../../../src/dhcp/option-codes.ts'
import { ipv4ToBytes, UNSPECIFIED } from '../../../src/net/ipv4.ts'
import { PHONE_MODELS } from '../../../src/phones/family/family.ts'
import { clientHeader } from '../../../src/wire/dhcp/client-header.ts'
import { encodeMessage } from '../../../src/wire/dhcp/encode-message.ts'
import { MessageType, type OutgoingOption } from '../../../src/wire/dhcp/message.ts'
import type { SilentSockets } from './silent-sockets.ts'
import type { WarmUpNetwork } from './warm-up-network.ts'

/** Clients that come in turn, so that the leases of the warm-up stay few: most come again. */
const CLIENTS = 1024
const CLIENT_PORT = 68
const SERVER_PORT = 67
/** Where yiaddr is in a message (RFC 2131 section 2). */
const YIADDR_AT = 16
const ETHERNET = 1
/** Locally administered: no device's. */
const HARDWARE_PREFIX = [0x02, 0x53, 0x57, 0] as const
const FIRST_OF_UPPER_HALF = 0x8000_0000
/** The first socket that the endpoint opens receives what its interface receives. */
const INTERFACE_SOCKET = 0

const VENDOR_CLASS = textOctets(`Cisco Systems, Inc. IP Phone CP-${PHONE_MODELS[0]}G\0`)
/** What the phones request: mask, TFTP server name, DNS, router, domain, TFTP servers. */
const REQUESTED = Uint8Array.of(1, 66, 6, 3, 15, 150)
/** Sub-option 1, circuit ID (RFC 3046 section 3.1). */
const RELAY_INFORMATION = Uint8Array.of(1, 4, ...textOctets('port'))

/** DHCP exchanges of clients that do not exist. */
export class DhcpExchanges {
  readonly #sockets: SilentSockets
  readonly #network: WarmUpNetwork
  #played = 0

  /** @param sockets - Those of the endpoint. */
  constructor(sockets: SilentSockets, network: WarmUpNetwork) {
    this.#sockets = sockets
    this.#network = network
  }

  /** DISCOVER, and REQUEST of what was offered. */
  play(): void {
    const number = this.#played++
    const offer = this.#send(number, MessageType.discover, [])
    if (offer === null) return
    this.#send(number, MessageType.request, [
      [Option.requestedAddress, offer.subarray(YIADDR_AT, YIADDR_AT + 4)],
      [Option.serverIdentifier, ipv4ToBytes(this.#network.server)],
    ])
  }

  /** Every second client comes through a relay agent, and every second pair of them has option 61. */
  #send(number: number, type: number, options: readonly OutgoingOption[]): Uint8Array | null {
    const isRelayed = number % 2 === 1
    const client = number % CLIENTS
    const hardware = Uint8Array.of(...HARDWARE_PREFIX, client >> 8, client & 0xff)
    // On both sides of 2^31, from where V8 keeps numbers in another form.
    const xid = number % 8 < 4 ? number : FIRST_OF_UPPER_HALF + number
    const giaddr = isRelayed ? this.#network.relay : UNSPECIFIED
    const outgoing: OutgoingOption[] = [
      [Option.messageType, Uint8Array.of(type)],
      ...options,
      [Option.vendorClass, VENDOR_CLASS],
      [Option.parameterRequestList, REQUESTED],
    ]
    if (number % 4 >= 2)
      outgoing.push([Option.clientIdentifier, Uint8Array.of(ETHERNET, ...hardware)])
    if (isRelayed) outgoing.push([Option.relayAgentInformation, RELAY_INFORMATION])
    const message = encodeMessage(clientHeader({ xid, hardware, giaddr }), outgoing)
    const sender = { client: giaddr, clientPort: isRelayed ? SERVER_PORT : CLIENT_PORT }
    // No `Buffer`, as what sockets receive is none: V8 compiles for the one or the other.
    this.#sockets.receive(INTERFACE_SOCKET, sender, new Uint8Array(message.bytes))
    return this.#sockets.takeSent()?.bytes ?? null
  }
}

function textOctets(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}
