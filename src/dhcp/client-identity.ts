import type { ClientKey } from '../leases/binding.ts'
import { hexOf, type Mac, macFromBytes } from '../net/mac.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import { Option } from './option-codes.ts'

/** Who sent a message. */
export type ClientIdentity = {
  readonly key: ClientKey
  /** Null for hardware that is not Ethernet. */
  readonly mac: Mac | null
}

const ETHERNET = 1

/** Longest identifier that is taken; more than one option can hold is no honest client's. */
const MAX_IDENTIFIER_OCTETS = 255

/**
 * Tells who sent a message: by option 61 if it was sent, else by hardware type and address (RFC
 * 2131 section 4.2). Whichever it is, it is opaque and compared as a whole.
 *
 * @returns undefined if the message names no client: no identifier and no hardware address, or
 *   lengths that cannot be.
 */
export function identifyClient(message: DhcpMessage): ClientIdentity | undefined {
  const { hlen } = message
  if (hlen > 16) return undefined
  const hardware = message.chaddr.subarray(0, hlen)
  const hasHardware = isSet(hardware)
  const mac =
    hasHardware && message.htype === ETHERNET && hlen === 6 ? macFromBytes(hardware) : null
  const identifier = message.options.get(Option.clientIdentifier)
  // RFC 2132 section 9.14 wants two bytes or more; one is odd but still tells clients apart.
  if (identifier !== undefined && identifier.length > 0) {
    if (identifier.length > MAX_IDENTIFIER_OCTETS) return undefined
    return { key: `id:${hexOf(identifier)}`, mac }
  }
  if (!hasHardware) return undefined
  return { key: `hw:${hexOf(Uint8Array.of(message.htype))}${mac ?? hexOf(hardware)}`, mac }
}

function isSet(hardware: Uint8Array): boolean {
  for (const octet of hardware) if (octet !== 0) return true
  return false
}
