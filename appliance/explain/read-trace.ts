import { gunzipSync } from 'node:zlib'
import { isCapture, readCapture } from '../../src/wire/capture/read-capture.ts'
import { MOST_EVENTS, readServerLog } from '../../src/wire/server-log/read-server-log.ts'
import type { ServerEvent } from '../../src/wire/server-log/server-event.ts'
import { WireError } from '../../src/wire/wire-error.ts'
import { eventsOfCapture } from './capture-events.ts'

/** Most octets that are read of one file, packed or not; a larger capture or log wants a filter. */
export const LARGEST_TRACE_BYTES = 256 * 1024 * 1024

/** What a file told, or why it is neither capture nor log. */
export type Trace =
  | {
      readonly kind: 'ok'
      readonly events: readonly ServerEvent[]
      readonly notes: readonly string[]
    }
  | { readonly kind: 'unknown'; readonly fault: string }

/**
 * Reads a capture or a log, told by its content.
 *
 * @param year - For logs without years.
 */
export function readTrace(bytes: Uint8Array, year: number): Trace {
  if (bytes.length === 0) return { kind: 'unknown', fault: 'is empty' }
  if (isGzip(bytes)) return readPacked(bytes, year)
  return isCapture(bytes) ? readPackets(bytes) : readLines(bytes, year)
}

/** RFC 1952 section 2.3.1. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Rotated logs are packed. A file that is packed twice is none. */
function readPacked(bytes: Uint8Array, year: number): Trace {
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
    : readTrace(unpacked, year)
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
    return { kind: 'ok', events, notes }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return { kind: 'unknown', fault: `a damaged capture: ${error.message} (octet ${error.offset})` }
  }
}

function readLines(bytes: Uint8Array, year: number): Trace {
  // A file of zeros is no log; neither is any other binary one.
  if (bytes.subarray(0, 4096).includes(0)) {
    return { kind: 'unknown', fault: 'neither a capture (pcap, pcapng) nor a text' }
  }
  const { events, unknownLines, isCut } = readServerLog(new TextDecoder().decode(bytes), year)
  if (events.length === 0) {
    const fault =
      'no line of a log that is known (tftpd-hpa, atftpd, dnsmasq, ISC dhcpd, Kea, Tftpd64, the form of ' +
      'Cisco document 5455, events of switchhook)'
    return { kind: 'unknown', fault }
  }
  const notes = [
    ...(unknownLines > 0 ? [`${unknownLines} other lines`] : []),
    ...(isCut ? [`read up to ${MOST_EVENTS} things; filter it to see the rest`] : []),
  ]
  return { kind: 'ok', events, notes }
}
