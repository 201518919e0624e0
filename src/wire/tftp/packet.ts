/**
 * A TFTP packet as a value (RFC 1350 section 5, RFC 2347).
 *
 * `block` is the 16-bit number on the wire, so it wraps to 0 after 65535. Option names are in
 * lower case, their values as they were sent; both are case-insensitive (RFC 2347).
 */
export type TftpPacket =
  | ReadOrWriteRequest
  | {
      readonly kind: 'data'
      readonly block: number
      /** A view on the datagram it came in, not a copy. */
      readonly payload: Uint8Array
    }
  | { readonly kind: 'ack'; readonly block: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'options-ack'; readonly options: TftpOptions }

/** RRQ or WRQ: the two packets that begin a transfer. */
export type ReadOrWriteRequest = {
  readonly kind: 'read' | 'write'
  /** As it came over the wire; may hold anything but NUL. Never empty. */
  readonly name: string
  /** In lower case: `octet`, `netascii`, `mail`, or an unknown word. */
  readonly mode: string
  readonly options: TftpOptions
}

/** Options in the order of the packet. Where a name came twice, the first value counts. */
export type TftpOptions = ReadonlyMap<string, string>

/** The number that opens each kind of packet. */
export const OPCODE = {
  read: 1, // RFC 1350 section 5
  write: 2, // RFC 1350 section 5
  data: 3, // RFC 1350 section 5
  ack: 4, // RFC 1350 section 5
  error: 5, // RFC 1350 section 5
  'options-ack': 6, // RFC 2347
} as const satisfies Record<TftpPacket['kind'], number>

/** What the code of an ERROR packet says. */
export const ERROR_CODE = {
  undefined: 0, // RFC 1350 appendix
  fileNotFound: 1, // RFC 1350 appendix
  accessViolation: 2, // RFC 1350 appendix
  diskFull: 3, // RFC 1350 appendix
  illegalOperation: 4, // RFC 1350 appendix
  unknownTid: 5, // RFC 1350 appendix
  fileExists: 6, // RFC 1350 appendix
  noSuchUser: 7, // RFC 1350 appendix
  optionsRefused: 8, // RFC 2347
} as const

/** Bytes before the payload of a DATA packet: opcode and block number (RFC 1350 section 5). */
export const DATA_HEADER_BYTES = 4

/** The longest request, in bytes (RFC 2347). */
export const MAX_REQUEST_BYTES = 512

/** The largest block that can be agreed on, in bytes (RFC 2348). */
export const MAX_BLOCK_BYTES = 65_464
