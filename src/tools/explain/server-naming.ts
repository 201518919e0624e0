import { readAddress, readText } from '../../dhcp/read-option.ts'
import { formatIpv4, ipv4FromBytes, UNSPECIFIED } from '../../net/ipv4.ts'
import { printable } from '../../services/printable.ts'
import type { DhcpMessage } from '../../wire/dhcp/message.ts'
import type { ServerNaming } from './observation/dhcp-trace.ts'

/** What an OFFER or ACK says of servers. */
export function namingOf(message: DhcpMessage): ServerNaming {
  const server = readAddress(message, 54)
  const option66 = readText(message, 66)
  const option150 = message.options.get(150)
  return {
    isWhole: true,
    namesDns: message.options.has(6),
    ...(server == null ? {} : { server: formatIpv4(server) }),
    ...(option66 === '' ? {} : { option66 }),
    ...(option150 === undefined ? {} : { option150: addresses(option150) }),
    ...(message.siaddr === UNSPECIFIED ? {} : { nextServer: formatIpv4(message.siaddr) }),
    ...named('serverName', message.sname),
    ...named('bootFile', message.file),
  }
}

/** A field of BOOTP, which ends with its first zero (RFC 951 section 3). */
function named(key: 'serverName' | 'bootFile', field: Uint8Array): Partial<ServerNaming> {
  const text = Buffer.from(field).toString('latin1').replace(/\0.*$/s, '')
  return text === '' ? {} : { [key]: text }
}

/** The addresses; the number of bytes where these are no whole number of addresses. */
function addresses(bytes: Uint8Array): readonly string[] | number {
  if (bytes.length === 0 || bytes.length % 4 !== 0) return bytes.length
  return Array.from({ length: bytes.length / 4 }, (_, index) =>
    formatIpv4(ipv4FromBytes(bytes, index * 4)),
  )
}

/** The same in words; empty where it names no server. */
export function namingInWords({
  chosen,
  server,
  option150,
  option66,
  nextServer,
  serverName,
  bootFile,
}: ServerNaming): string {
  if (chosen !== undefined) return `takes the offer of ${chosen}`
  const octets = typeof option150 === 'number' ? `${option150} bytes` : option150?.join(', ')
  const parts = [
    server === undefined ? null : `by the DHCP server ${server}`,
    octets === undefined ? null : `option 150 is ${octets}`,
    option66 === undefined ? null : `option 66 is "${printable(option66)}"`,
    nextServer === undefined ? null : `siaddr is ${nextServer}`,
    serverName === undefined ? null : `sname is "${printable(serverName)}"`,
    bootFile === undefined ? null : `file is "${printable(bootFile)}"`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? '' : `is told: ${parts.join('; ')}`
}
