/*
 *   request    method SP Request-URI SP "SIP/2.0" CRLF
 *   response   "SIP/2.0" SP status SP reason CRLF
 *   then       name ":" value CRLF, as often as there are fields; a line that begins with white
 *              space continues the one before
 *   then       CRLF, and the body up to Content-Length
 */
import { WireError } from '../wire-error.ts'
import {
  canonicalName,
  MAX_HEADERS,
  MAX_MESSAGE_BYTES,
  type SipHeader,
  type SipMessage,
} from './message.ts'

const LF = 0x0a

/**
 * Decodes one UDP payload as a SIP message.
 *
 * The body is a view on `bytes`, not a copy. Empty lines before the start line are skipped, and a
 * line may end in LF alone: both are sent in the field, and neither leaves a doubt.
 *
 * @param bytes - One whole datagram.
 * @throws {@link WireError} `TRUNCATED` where no header comes, `NOT_TERMINATED` without the empty
 *   line, `TOO_LONG` above 8192 bytes or 64 fields, `BAD_VALUE` where a line is malformed.
 * @see RFC 3261 section 7, section 18.3
 */
export function decodeMessage(bytes: Uint8Array): SipMessage {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    const found = `${bytes.length} octets, at most ${MAX_MESSAGE_BYTES} are read`
    throw new WireError('TOO_LONG', MAX_MESSAGE_BYTES, found)
  }
  const { lines, bodyAt } = linesOf(bytes)
  // There is one: without a start line there are no lines to return.
  const [first, ...rest] = lines as [Line, ...Line[]]
  const headers = headersFrom(rest)
  return { ...startLineOf(first), headers, ...bodyOf(headers, bytes, bodyAt) }
}

/** A line without its end, and where it began. */
type Line = { readonly text: string; readonly at: number }

function linesOf(bytes: Uint8Array): { readonly lines: readonly Line[]; readonly bodyAt: number } {
  const lines: Line[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(LF, at)
    if (end < 0) break
    const text = latin1(bytes, at, bytes[end - 1] === 0x0d ? end - 1 : end)
    // RFC 3261 section 7.5: a CRLF before the start line is to be ignored.
    if (text === '' && lines.length > 0) return { lines, bodyAt: end + 1 }
    if (text !== '') addLine(lines, text, at)
    at = end + 1
  }
  if (lines.length === 0) throw new WireError('TRUNCATED', bytes.length, 'no start line')
  throw new WireError('NOT_TERMINATED', bytes.length, 'no empty line after the header')
}

/** RFC 3261 section 7.3.1: a line that begins with white space continues the one before. */
function addLine(lines: Line[], text: string, at: number): void {
  const last = lines.at(-1)
  if (!/^[ \t]/.test(text) || last === undefined || lines.length === 1) {
    // The start line is one of them.
    if (lines.length > MAX_HEADERS) {
      throw new WireError('TOO_LONG', at, `more than ${MAX_HEADERS} header fields`)
    }
    lines.push({ text, at })
    return
  }
  lines[lines.length - 1] = { text: `${last.text.trimEnd()} ${text.trim()}`, at: last.at }
}

const TOKEN = "[A-Za-z0-9\\-.!%*_+`'~]+"
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([^\\s]+) SIP/2\\.0$`, 'i')
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d) (.*)$/i

type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }

function startLineOf({ text, at }: Line): StartLine {
  const status = STATUS_LINE.exec(text)
  if (status !== null) {
    return { kind: 'response', status: Number(status[1]), reason: status[2] as string }
  }
  const request = REQUEST_LINE.exec(text)
  if (request === null) throw new WireError('BAD_VALUE', at, 'start line is not one of SIP/2.0')
  return { kind: 'request', method: request[1] as string, uri: request[2] as string }
}

const FIELD_NAME = new RegExp(`^${TOKEN}$`)

function headersFrom(lines: readonly Line[]): readonly SipHeader[] {
  return lines.map(({ text, at }) => {
    const colon = text.indexOf(':')
    // RFC 3261 section 25.1, HCOLON: white space may stand before the colon.
    const name = text.slice(0, Math.max(colon, 0)).trimEnd()
    if (!FIELD_NAME.test(name)) throw new WireError('BAD_VALUE', at, 'header field without a name')
    return { name, value: text.slice(colon + 1).trim() }
  })
}

/**
 * RFC 3261 section 18.3: bytes after Content-Length are dropped; without it the body goes to the
 * end of the datagram.
 */
function bodyOf(headers: readonly SipHeader[], bytes: Uint8Array, bodyAt: number) {
  const rest = bytes.subarray(bodyAt)
  const field = headers.find(({ name }) => canonicalName(name) === 'content-length')
  if (field === undefined) return { body: rest, isWhole: true }
  if (!/^\d{1,9}$/.test(field.value)) {
    throw new WireError('BAD_VALUE', bodyAt, 'Content-Length is not a number')
  }
  const length = Number(field.value)
  return { body: rest.subarray(0, length), isWhole: length <= rest.length }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}
