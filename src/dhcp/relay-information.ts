import { type Ipv4, ipv4FromBytes } from '../net/ipv4.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import {
  decodeRelayAgentInformation,
  RelaySubOption,
} from '../wire/dhcp/relay-agent-information.ts'
import { Option } from './option-codes.ts'

/** Sub-options of option 82 by code; empty where there are none to act upon. */
export type RelayInformation = ReadonlyMap<number, Uint8Array>

const NONE: RelayInformation = new Map()

/**
 * The sub-options that the server may act upon.
 *
 * Option 82 in a message without giaddr comes from a switch or from the client itself: it is
 * echoed, but it decides nothing (RFC 3046 section 2.1).
 *
 * @returns undefined where the option cannot be taken apart.
 */
export function readRelayInformation(message: DhcpMessage): RelayInformation | undefined {
  const value = message.options.get(Option.relayAgentInformation)
  if (value === undefined || message.giaddr === 0) return NONE
  return decoded(value)
}

/** The server identifier override (RFC 5107 section 4), if it is there and is an address. */
export function serverIdOverride(relay: RelayInformation): Ipv4 | undefined {
  const value = relay.get(RelaySubOption.serverIdOverride)
  return value?.length === 4 ? ipv4FromBytes(value, 0) : undefined
}

/** Whether the relay agent got the message by unicast: RFC 5010 section 5, first byte alone. */
export function wasUnicast(relay: RelayInformation): boolean {
  const [flags = 0] = relay.get(RelaySubOption.flags) ?? []
  return (flags & 0x80) !== 0
}

/** The override that a stored option 82, in hex, carries (RFC 5107 section 4: to be remembered). */
export function rememberedOverride(relayAgentHex: string): Ipv4 | undefined {
  if (relayAgentHex === '') return undefined
  const octets = new Uint8Array(relayAgentHex.length >> 1)
  for (let index = 0; index < octets.length; index++) {
    octets[index] = Number.parseInt(relayAgentHex.slice(index * 2, index * 2 + 2), 16)
  }
  return serverIdOverride(decoded(octets) ?? NONE)
}

function decoded(value: Uint8Array): RelayInformation | undefined {
  try {
    return decodeRelayAgentInformation(value)
  } catch {
    // Every decoder throws WireError alone: the bytes are no row of sub-options.
    return undefined
  }
}
