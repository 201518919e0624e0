/** One header field, as it came: the name is not put into another spelling. */
export type SipHeader = {
  readonly name: string
  /** Without white space at either end; continuation lines are joined by one blank. */
  readonly value: string
}

type Common = {
  /** In the order of the message. */
  readonly headers: readonly SipHeader[]
  /** A view on the datagram, not a copy. */
  readonly body: Uint8Array
  /** False where Content-Length names more bytes than came (RFC 3261 section 18.3). */
  readonly isWhole: boolean
}

/** A request: the method is case-sensitive (RFC 3261 section 7.1). */
export type SipRequest = Common & {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
}

/** A response; `status` is 100 to 699 (RFC 3261 section 7.2). */
export type SipResponse = Common & {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
}

/**
 * A SIP message as a value. Each character of a text is one byte of the message (ISO 8859-1), so
 * that what a client wrote in any encoding goes back to it unchanged.
 *
 * @see RFC 3261 section 7
 */
export type SipMessage = SipRequest | SipResponse

/** The longest message, in bytes: a REGISTER of these phones has about 700. */
export const MAX_MESSAGE_BYTES = 8192

/** The most header fields of a message: a REGISTER of these phones has about 12. */
export const MAX_HEADERS = 64

/** What Via and the other fields that a transaction needs are called in short (RFC 3261 section 7.3.3). */
const COMPACT_NAMES: Readonly<Record<string, string>> = {
  c: 'content-type', // RFC 3261 section 20.15
  e: 'content-encoding', // RFC 3261 section 20.12
  f: 'from', // RFC 3261 section 20.20
  i: 'call-id', // RFC 3261 section 20.8
  k: 'supported', // RFC 3261 section 20.37
  l: 'content-length', // RFC 3261 section 20.14
  m: 'contact', // RFC 3261 section 20.10
  o: 'event', // RFC 6665 section 8.2.1
  s: 'subject', // RFC 3261 section 20.36
  t: 'to', // RFC 3261 section 20.39
  v: 'via', // RFC 3261 section 20.42
}

/** The long name of a header field in lower case: names are compared by it (RFC 3261 section 7.3.1). */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return COMPACT_NAMES[lower] ?? lower
}

/** The value of the first field of that name, given in lower case; undefined where there is none. */
export function headerOf(message: SipMessage, name: string): string | undefined {
  return message.headers.find((header) => canonicalName(header.name) === name)?.value
}

/** The values of all fields of that name, given in lower case, in the order of the message. */
export function headersOf(message: SipMessage, name: string): readonly string[] {
  return message.headers
    .filter((header) => canonicalName(header.name) === name)
    .map(({ value }) => value)
}
