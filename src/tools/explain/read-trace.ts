import { gunzipSync } from 'node:zlib'
import { isCapture, readCapture } from '../../wire/capture/read-capture.ts'
import { readTrace as readPhoneTrace, TraceError } from '../../wire/trace/read-trace.ts'
import { WireError } from '../../wire/wire-error.ts'
import { eventsOfCapture } from './capture-events.ts'
import type { LinesRead } from './lines-read.ts'
import { MOST_EVENTS, readServerLog } from './server-log/read-server-log.ts'
import type { ServerEvent } from './server-log/server-event.ts'
import { eventsOfTrace } from './trace-events.ts'

/** Most octets that are read of one file, packed or not; a larger capture or log wants a filter. */
export const LARGEST_TRACE_BYTES = 256 * 1024 * 1024

/** What a file told, or why it is neither capture nor log. */
export type Trace =
  | {
      readonly kind: 'ok'
      readonly events: readonly ServerEvent[]
      readonly notes: readonly string[]
      /** How much of a log was understood; null for what is none. */
      readonly read: LinesRead | null
    }
  | { readonly kind: 'unknown'; readonly fault: string }

/** What is known of a file beside its content. */
export type TraceContext = {
  /** For logs without years. */
  readonly year: number
  /** Which of the files it is that are read together, from 0. */
  readonly nth: number
}

/** Reads a capture, a trace or a log, told by its content. */
export function readTrace(bytes: Uint8Array, context: TraceContext): Trace {
  if (bytes.length === 0) return { kind: 'unknown', fault: 'is empty' }
  if (isGzip(bytes)) return readPacked(bytes, context)
  return isCapture(bytes) ? readPackets(bytes) : readText(bytes, context)
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
      fault: `cannot be unpacked by gzip to at most ${LARGEST_TRACE_BYTES} octets: ${fault}`,
    }
  }
  return isGzip(unpacked)
    ? { kind: 'unknown', fault: 'is packed by gzip twice' }
    : readTrace(unpacked, context)
}

function readPackets(bytes: Uint8Array): Trace {
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
    return { kind: 'ok', events, notes, read: null }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return { kind: 'unknown', fault: `a damaged capture: ${error.message} (octet ${error.offset})` }
  }
}

function readText(bytes: Uint8Array, context: TraceContext): Trace {
  // Windows writes logs in two octets a character, and says so.
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  // A file of zeros is no log; neither is any other binary one.
  if (!isWide && bytes.subarray(0, 4096).includes(0)) {
    return { kind: 'unknown', fault: 'neither a capture (pcap, pcapng) nor a text' }
  }
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes)
  return isPhoneTrace(text) ? readEvents(text, context) : readLines(text, context)
}

/** Whether the first line is the header of a trace; its keys may stand in any order. */
function isPhoneTrace(text: string): boolean {
  const [first = ''] = /\S[^\n]*/.exec(text) ?? []
  if (/^\{\s*"trace"\s*:/.test(first)) return true
  if (!first.startsWith('{')) return false
  try {
    return typeof JSON.parse(first).trace === 'string'
  } catch {
    return false
  }
}

/** A trace as this program writes them. */
function readEvents(text: string, { nth }: TraceContext): Trace {
  try {
    return { kind: 'ok', events: eventsOfTrace(readPhoneTrace(text), nth), notes: [], read: null }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error
    return { kind: 'unknown', fault: `a damaged trace: ${error.message}` }
  }
}

function readLines(text: string, { year }: TraceContext): Trace {
  const { events, isCut, ...read } = readServerLog(text, year)
  if (read.unknownLines === read.lines) {
    const fault =
      'no line of a log that is known (tftpd-hpa, atftpd, dnsmasq, ISC dhcpd, Kea, Tftpd64, PumpKIN, debug ' +
      'tftp of Cisco IOS, the form of Cisco document 5455, events and traces of switchhook)'
    return { kind: 'unknown', fault }
  }
  const notes = isCut ? [`read up to ${MOST_EVENTS} things; filter it to see the rest`] : []
  return { kind: 'ok', events, notes, read }
}
