import { type Ipv4, ipv4FromBytes, parseIpv4, UNSPECIFIED } from '../net/ipv4.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import { uint32At } from '../wire/octets.ts'
import { DEFAULT_QUIRKS, type TftpServerSource } from './phone-quirks.ts'

/** What DHCP has given to a phone. Times are absolute; an infinite lease has none of them. */
export type PhoneLease = {
  readonly address: Ipv4
  readonly mask: Ipv4
  readonly router: Ipv4 | null
  readonly serverId: Ipv4
  /** The servers to ask for files, in this order; empty if none was named. */
  readonly tftpServers: readonly Ipv4[]
  /** Option 66 where it is no address; null otherwise. */
  readonly unusableName: string | null
  readonly renewAtMs: number
  readonly rebindAtMs: number
  readonly expiresAtMs: number
}

/** Options that a phone reads, by RFC 2132 unless said otherwise. */
const OPTION = {
  mask: 1, // section 3.3
  router: 3, // section 3.5
  leaseTime: 51, // section 9.2
  serverId: 54, // section 9.7
  renewalTime: 58, // section 9.11
  rebindingTime: 59, // section 9.12
  tftpServerName: 66, // section 9.4
  tftpServers: 150, // RFC 5859
} as const

/** RFC 2131 section 3.3: this lease never ends. */
const INFINITE = 0xffffffff

/** A renewal more often than this would be a flood. */
const LEAST_LEASE_SECONDS = 2

/** The server that sent an offer, an ACK or a NAK; undefined where it does not say. */
export function serverIdIn(message: DhcpMessage): Ipv4 | undefined {
  return addressesIn(message, OPTION.serverId)[0]
}

/**
 * Reads what an ACK grants.
 *
 * @returns Undefined where a phone could not live on it: no address, no server, no lease time.
 */
export function leaseIn(
  message: DhcpMessage,
  nowMs: number,
  sources: readonly TftpServerSource[] = DEFAULT_QUIRKS.tftpServerFrom,
): PhoneLease | undefined {
  const serverId = serverIdIn(message)
  const leaseSeconds = secondsIn(message, OPTION.leaseTime)
  if (message.yiaddr === UNSPECIFIED || serverId === undefined) return undefined
  if (leaseSeconds === undefined) return undefined
  const seconds = Math.max(leaseSeconds, LEAST_LEASE_SECONDS)
  const at = (part: number | undefined, share: number) => {
    if (leaseSeconds === INFINITE) return Number.POSITIVE_INFINITY
    // RFC 2131 section 4.4.5: T1 and T2 are shares of the lease where the server names none.
    const usable = part !== undefined && part > 0 && part < seconds
    return nowMs + (usable ? part : seconds * share) * 1000
  }
  return {
    address: message.yiaddr,
    mask: addressesIn(message, OPTION.mask)[0] ?? classMask(message.yiaddr),
    router: addressesIn(message, OPTION.router)[0] ?? null,
    serverId,
    tftpServers: tftpServersIn(message, sources),
    unusableName: unusableNameIn(message),
    renewAtMs: at(secondsIn(message, OPTION.renewalTime), 0.5),
    rebindAtMs: at(secondsIn(message, OPTION.rebindingTime), 0.875),
    expiresAtMs: at(undefined, 1),
  }
}

/**
 * The server that a phone asks for files: the first of the places that names one; commonly option 150, then
 * option 66, then `siaddr`. A host name in option 66 leads nowhere here: there is no DNS.
 */
function tftpServersIn(
  message: DhcpMessage,
  sources: readonly TftpServerSource[] = DEFAULT_QUIRKS.tftpServerFrom,
): readonly Ipv4[] {
  for (const source of sources) {
    const servers = serversBy(source, message)
    if (servers.length > 0) return servers
  }
  return []
}

function unusableNameIn(message: DhcpMessage): string | null {
  const name = textIn(message, OPTION.tftpServerName)
  return name === '' || parseIpv4(name) !== undefined ? null : name
}

function serversBy(source: TftpServerSource, message: DhcpMessage): readonly Ipv4[] {
  switch (source) {
    case 'option-150':
      return addressesIn(message, OPTION.tftpServers)
    case 'option-66': {
      const named = parseIpv4(textIn(message, OPTION.tftpServerName))
      return named === undefined ? [] : [named]
    }
    case 'siaddr':
      return message.siaddr === UNSPECIFIED ? [] : [message.siaddr]
    case 'dhcp-server':
      return addressesIn(message, OPTION.serverId).slice(0, 1)
    default:
      return source satisfies never
  }
}

function textIn(message: DhcpMessage, code: number): string {
  const value = message.options.get(code)
  return value === undefined ? '' : new TextDecoder().decode(value).replace(/\0+$/, '')
}

function addressesIn(message: DhcpMessage, code: number): readonly Ipv4[] {
  const value = message.options.get(code) ?? new Uint8Array(0)
  const count = Math.floor(value.length / 4)
  return Array.from({ length: count }, (_, index) => ipv4FromBytes(value, index * 4))
}

function secondsIn(message: DhcpMessage, code: number): number | undefined {
  const value = message.options.get(code)
  return value?.length === 4 ? uint32At(value, 0) : undefined
}

/** RFC 950: what an address says about its mask if nothing else does. */
function classMask(address: Ipv4): Ipv4 {
  const first = address >>> 24
  return (first < 128 ? 0xff000000 : first < 192 ? 0xffff0000 : 0xffffff00) as Ipv4
}
