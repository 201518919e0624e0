import { createHash } from 'node:crypto'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'

/** When everything in memory begins: 2026-03-01T09:30:00.000Z. */
export const NOW_MS = Date.UTC(2026, 2, 1, 9, 30)

/** An address from text that a test is sure of. */
export function ipv4(text: string): Ipv4 {
  const address = parseIpv4(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  return address
}

/** A MAC address from text that a test is sure of. */
export function mac(text: string): Mac {
  const address = parseMac(text)
  if (address === undefined) throw new Error(`no MAC address: ${text}`)
  return address
}

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
