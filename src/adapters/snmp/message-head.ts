/**
 * The head of an SNMP message, read before anything else looks at it: version, and for SNMPv3 what the
 * message says of its own protection.
 *
 *     SEQUENCE { INTEGER version,
 *                SEQUENCE { INTEGER msgID, INTEGER msgMaxSize, OCTET STRING msgFlags, … },
 *                OCTET STRING msgSecurityParameters,
 *                scopedPDU SEQUENCE { OCTET STRING, OCTET STRING, PDU } | OCTET STRING encrypted }
 *
 * @see RFC 3412 section 6, RFC 3416 section 3
 */
export type MessageHead =
  | { readonly version: 'v2c' }
  /** `isReport`: the PDU is not encrypted, and a Report. */
  | { readonly version: 'v3'; readonly isProtected: boolean; readonly isReport: boolean }

const SEQUENCE = 0x30
const INTEGER = 0x02
const OCTET_STRING = 0x04
const REPORT = 0xa8
const AUTH_AND_PRIV = 0x03

/** Undefined where the bytes are no message of these versions. */
export function readMessageHead(bytes: Uint8Array): MessageHead | undefined {
  const message = elementAt(bytes, 0, SEQUENCE)
  const version = message && elementAt(bytes, message.start, INTEGER)
  if (version === undefined || version.end !== version.start + 1) return undefined
  const number = bytes[version.start]
  if (number === 1) return { version: 'v2c' }
  return number === 3 ? readV3(bytes, version.end) : undefined
}

function readV3(bytes: Uint8Array, at: number): MessageHead | undefined {
  const header = elementAt(bytes, at, SEQUENCE)
  const id = header && elementAt(bytes, header.start, INTEGER)
  const maxSize = id && elementAt(bytes, id.end, INTEGER)
  const flags = maxSize && elementAt(bytes, maxSize.end, OCTET_STRING)
  if (header === undefined || flags === undefined || flags.end !== flags.start + 1) return undefined
  const isProtected = ((bytes[flags.start] ?? 0) & AUTH_AND_PRIV) === AUTH_AND_PRIV
  const security = elementAt(bytes, header.end, OCTET_STRING)
  const scoped = security && elementAt(bytes, security.end, SEQUENCE)
  const engine = scoped && elementAt(bytes, scoped.start, OCTET_STRING)
  const context = engine && elementAt(bytes, engine.end, OCTET_STRING)
  const isReport = context !== undefined && bytes[context.end] === REPORT
  return { version: 'v3', isProtected, isReport }
}

type Element = { readonly start: number; readonly end: number }

/** An element of this tag with a definite length, whole; undefined where there is none. */
function elementAt(bytes: Uint8Array, at: number, tag: number): Element | undefined {
  const first = bytes[at + 1]
  if (bytes[at] !== tag || first === undefined) return undefined
  const lengthOctets = first < 0x80 ? 0 : first - 0x80
  // A datagram has less than 65536 bytes, so two say any length; 0x80 alone is indefinite.
  if (first === 0x80 || lengthOctets > 4) return undefined
  let length = lengthOctets === 0 ? first : 0
  for (let index = 0; index < lengthOctets; index++) {
    length = length * 256 + (bytes[at + 2 + index] ?? 0)
  }
  const start = at + 2 + lengthOctets
  return start + length <= bytes.length ? { start, end: start + length } : undefined
}
