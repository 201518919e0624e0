import { type Ipv4, ipv4FromBytes } from '../net/ipv4.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'

/**
 * An option that holds one address.
 *
 * @returns Null where the option is absent, undefined where it has not exactly four bytes.
 */
export function readAddress(message: DhcpMessage, code: number): Ipv4 | null | undefined {
  const value = message.options.get(code)
  if (value === undefined) return null
  return value.length === 4 ? ipv4FromBytes(value, 0) : undefined
}

/** An option that holds a 32-bit number; null where it is absent or has another length. */
export function readUint32(message: DhcpMessage, code: number): number | null {
  return readAddress(message, code) ?? null
}

/** An option that holds a 16-bit number; null where it is absent or has another length. */
export function readUint16(message: DhcpMessage, code: number): number | null {
  const value = message.options.get(code)
  if (value?.length !== 2) return null
  const [high = 0, low = 0] = value
  return high * 256 + low
}

/** Longest text that is kept of a message. */
const MAX_TEXT = 255

/**
 * An option that holds text, as it was sent but for trailing NUL bytes: clients send these
 * although they should not, and RFC 2132 section 2 has them ignored. One byte is one character.
 */
export function readText(message: DhcpMessage, code: number): string {
  const value = message.options.get(code)
  if (value === undefined) return ''
  let end = Math.min(value.length, MAX_TEXT)
  while (end > 0 && value[end - 1] === 0) end--
  let text = ''
  for (let at = 0; at < end; at++) text += String.fromCharCode(value[at] as number)
  return text
}

const UNPRINTABLE = /[^\x20-\x7e]/g

/**
 * Text from the network for people to read: what could steer a terminal or break a line becomes
 * a question mark, and what is nothing but such, or blank, becomes empty.
 */
export function printable(text: string): string {
  if (text === '') return ''
  const shown = text.replace(UNPRINTABLE, '?')
  return /[^? ]/.test(shown) ? shown : ''
}
