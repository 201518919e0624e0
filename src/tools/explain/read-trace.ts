import { gunzipSync } from 'node:zlib'
import { isCapture, readCapture } from '../../wire/capture/read-capture.ts'
import { readTrace as readPhoneTrace, TraceError } from '../../wire/trace/read-trace.ts'
import { WireError } from '../../wire/wire-error.ts'
import { eventsOfCapture } from './capture-events.ts'
import type { EventStore } from './event-store.ts'
import type { LinesRead } from './lines-read.ts'
import { readLogInto } from './server-log/read-server-log.ts'
import { type ByteSource, bytesAsSource, linesOf, readAll } from './text-lines.ts'
import { eventsOfTrace } from './trace-events.ts'

/** Most bytes that are read of one file, packed or not; a larger capture or log wants a filter. */
export const LARGEST_TRACE_BYTES = 256 * 1024 * 1024

/** How a file was read, or why it is neither capture nor log. */
export type Trace =
  | {
      readonly kind: 'ok'
      readonly notes: readonly string[]
      /** How much of a log was understood; null for what is none. */
      readonly read: LinesRead | null
    }
  | { readonly kind: 'unknown'; readonly fault: string }

/** What is known of a file beside its content, and where its events go. */
export type TraceContext = {
  /** For logs without years. */
  readonly year: number
  /** Which of the files it is that are read together, from 0. */
  readonly nth: number
  readonly store: EventStore
}

/** Reads a capture, a trace or a log, told by its content. Logs are read piece by piece. */
export function readTrace(source: ByteSource, context: TraceContext): Trace {
  const head = source.read(0, 4096)
  if (head.length === 0) return { kind: 'unknown', fault: 'is empty' }
  if (isGzip(head)) return readPacked(readAll(source), context)
  return isCapture(head) ? readPackets(readAll(source), context) : readText(source, head, context)
}

/** RFC 1952 section 2.3.1. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Rotated logs are packed. A file that is packed twice is none. */
function readPacked(bytes: Uint8Array, context: TraceContext): Trace {
  let unpacked: Uint8Array
  try {
    unpacked = gunzipSync(bytes, { maxOutputLength: LARGEST_TRACE_BYTES })
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    return {
      kind: 'unknown',
      fault: `cannot be unpacked by gzip to at most ${LARGEST_TRACE_BYTES} bytes: ${fault}`,
    }
  }
  return isGzip(unpacked)
    ? { kind: 'unknown', fault: 'is packed by gzip twice' }
    : readTrace(bytesAsSource(unpacked), context)
}

function readPackets(bytes: Uint8Array, { store }: TraceContext): Trace {
  try {
    const capture = readCapture(bytes)
    const { events, fragments, otherFrames } = eventsOfCapture(capture)
    const notes = [
      ...(capture.isCut ? ['the capture ends in the middle of a packet'] : []),
      ...(fragments > 0 ? [`${fragments} parts of fragmented datagrams were left out`] : []),
      ...(otherFrames > 0
        ? [`${otherFrames} of ${capture.packets.length} frames carry no IPv4`]
        : []),
      ...(events.length === 0 ? ['no DHCP and no TFTP in this capture'] : []),
    ]
    for (const event of events) store.add(event)
    return { kind: 'ok', notes: withFull(notes, store), read: null }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return { kind: 'unknown', fault: `a damaged capture: ${error.message} (octet ${error.offset})` }
  }
}

function readText(source: ByteSource, head: Uint8Array, context: TraceContext): Trace {
  // Windows writes logs in two bytes a character, and says so.
  const isWide = head[0] === 0xff && head[1] === 0xfe
  // A file of zeros is no log; neither is any other binary one.
  if (!isWide && head.includes(0)) {
    return { kind: 'unknown', fault: 'neither a capture (pcap, pcapng) nor a text' }
  }
  const text = isWide ? narrowed(source) : source
  return isPhoneTrace(text) ? readEvents(text, context) : readLines(text, context)
}

function narrowed(source: ByteSource): ByteSource {
  const text = new TextDecoder('utf-16le').decode(readAll(source))
  return bytesAsSource(new TextEncoder().encode(text))
}

/** Whether the first line is the header of a trace; its keys may stand in any order. */
function isPhoneTrace(source: ByteSource): boolean {
  const first = firstLine(source)
  if (/^\{\s*"trace"\s*:/.test(first)) return true
  if (!first.startsWith('{')) return false
  try {
    return typeof JSON.parse(first).trace === 'string'
  } catch {
    return false
  }
}

/** The first line with something in it. */
function firstLine(source: ByteSource): string {
  for (const line of linesOf(source)) if (line.trim() !== '') return line.trimStart()
  return ''
}

/** A trace as this program writes them. */
function readEvents(source: ByteSource, { nth, store }: TraceContext): Trace {
  try {
    const text = new TextDecoder().decode(readAll(source))
    for (const event of eventsOfTrace(readPhoneTrace(text), nth)) store.add(event)
    return { kind: 'ok', notes: withFull([], store), read: null }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error
    return { kind: 'unknown', fault: `a damaged trace: ${error.message}` }
  }
}

function readLines(source: ByteSource, { year, store }: TraceContext): Trace {
  const from = store.length
  const { isTimed, isCut: _isCut, ...read } = readLogInto(source, year, store)
  if (read.unknownLines === read.lines) {
    const fault =
      'no line of a log that is known (tftpd-hpa, atftpd, dnsmasq, ISC dhcpd, Kea, Tftpd64, PumpKIN, Open TFTP Server, debug ' +
      'tftp of Cisco IOS, the form of Cisco document 5455, events and traces of switchhook)'
    return { kind: 'unknown', fault }
  }
  if (!isTimed) store.setUntimed(from)
  return { kind: 'ok', notes: withFull([], store), read }
}

function withFull(notes: readonly string[], { isFull, length }: EventStore): readonly string[] {
  return isFull ? [...notes, `read up to ${length} things; filter it to see the rest`] : notes
}
