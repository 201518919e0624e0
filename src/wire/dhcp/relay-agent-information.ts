import { uint8At } from '../octets.ts'
import { WireError } from '../wire-error.ts'

/*
 * Relay agent information, the value of option 82 (RFC 3046 section 2.0), sub-options in a row:
 *
 *   +------+--------+-----------------+------+--------+---
 *   | code | length | length bytes   | code | length | ...
 *   +------+--------+-----------------+------+--------+---
 *
 * There is neither a pad nor an end sub-option.
 */

/** Codes of the sub-options that a server acts upon or shows. */
export const RelaySubOption = {
  /** Agent Circuit ID, RFC 3046 section 3.1: opaque. */
  circuitId: 1,
  /** Agent Remote ID, RFC 3046 section 3.2: opaque. */
  remoteId: 2,
  /** Link selection, RFC 3527 section 3: an IPv4 address, 4 bytes. */
  linkSelection: 5,
  /** Relay agent flags, RFC 5010 section 5: only the first byte is evaluated. */
  flags: 10,
  /** Server identifier override, RFC 5107 section 4: an IPv4 address, 4 bytes. */
  serverIdOverride: 11,
  /** Relay agent source port, RFC 8357 section 5.1: present with no bytes. */
  sourcePort: 19,
} as const

/**
 * Decodes the value of option 82; values are views on `bytes`.
 *
 * A repeated sub-option keeps its first value: the joining of RFC 3396 is for options alone.
 *
 * @throws {@link WireError} `TRUNCATED` for a code without length, `BAD_LENGTH` for a length past
 *   the end or an option without any sub-option (RFC 3046 section 2.0 wants one at least).
 */
export function decodeRelayAgentInformation(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  if (bytes.length === 0) throw new WireError('BAD_LENGTH', 0, 'option 82 is empty')
  const values = new Map<number, Uint8Array>()
  let at = 0
  while (at < bytes.length) {
    const code = uint8At(bytes, at)
    if (at + 1 === bytes.length) {
      throw new WireError('TRUNCATED', at, `sub-option ${code} has no length octet`)
    }
    const end = at + 2 + uint8At(bytes, at + 1)
    if (end > bytes.length) {
      throw new WireError('BAD_LENGTH', at, `sub-option ${code} passes the end of option 82`)
    }
    if (!values.has(code)) values.set(code, bytes.subarray(at + 2, end))
    at = end
  }
  return values
}
