import type { LinesRead } from '../lines-read.ts'
import { type ByteSource, bytesAsSource, linesBackwards, linesOf, readAll } from '../text-lines.ts'
import { LogReader } from './log-reader.ts'
import { readLogLine } from './log-time.ts'
import { readOwnEvents } from './own-events.ts'
import type { ServerEvent } from './server-event.ts'

/** Where the events of a log go, and whether there is room for more. */
export type EventSink = {
  readonly add: (event: ServerEvent) => void
  readonly isFull: boolean
}

/** How a log was read. */
export type LogRead = LinesRead & {
  /** Whether any line had a time. */
  readonly isTimed: boolean
  /** Whether lines were left unread, because there was no room for more events. */
  readonly isCut: boolean
}

/** What a log told. */
export type ServerLog = LinesRead & {
  /** In the order of time where lines have one, else in the order of the log. */
  readonly events: readonly ServerEvent[]
}

/** A document of JSON is read as a whole; larger ones have one object a line. */
const LARGEST_DOCUMENT_BYTES = 32 * 1024 * 1024

/**
 * Reads the log of a DHCP or TFTP server; which one is told line by line, so that a system log with
 * several of them is read as a whole. An export that begins with the newest line is turned round.
 *
 * @param year - For logs whose times have none.
 */
export function readLogInto(source: ByteSource, year: number, sink: EventSink): LogRead {
  const whole = readDocument(source)
  if (whole !== null) {
    for (const event of whole) sink.add(event)
    return { ...ONE_DOCUMENT, isTimed: true, isCut: sink.isFull }
  }
  const reader = new LogReader(year, sink)
  for (const line of isNewestFirst(source, year) ? linesBackwards(source) : linesOf(source)) {
    if (sink.isFull) break
    reader.addLine(line)
  }
  return { ...reader.result(), isCut: sink.isFull }
}

const ONE_DOCUMENT = { lines: 1, unknownLines: 0, foreignLines: 0, firstUnknown: null } as const

/** Reads a log that is short enough to keep all that it tells as it is. */
export function readServerLog(text: string, year: number): ServerLog {
  const events: ServerEvent[] = []
  const source = bytesAsSource(new TextEncoder().encode(text))
  const sink = { add: (event: ServerEvent) => void events.push(event), isFull: false }
  const { isTimed, isCut: _isCut, ...read } = readLogInto(source, year, sink)
  // Events of our own have their own times.
  const untimed = (event: ServerEvent): ServerEvent =>
    event.atMs === 0 ? { ...event, clock: 'none' } : event
  return { ...read, events: isTimed ? events : events.map(untimed) }
}

/** Lines that are looked at to tell in which direction a log runs. */
const SAMPLE_LINES = 2_000
/** A log without years that steps back so far has come to the next one. */
const YEAR_TURN_MS = 300 * 86_400_000

/** Firewalls with a page of their own export their log as it is shown: the newest line first. */
function isNewestFirst(source: ByteSource, year: number): boolean {
  let [before, forwards, backwards, seen] = [null as number | null, 0, 0, 0]
  for (const line of linesOf(source)) {
    if (++seen > SAMPLE_LINES) break
    const { atMs } = readLogLine(line.slice(0, 512), year)
    if (atMs === null) continue
    const step = before === null ? 0 : atMs - before
    if (step > 0) forwards++
    if (step < 0 && step > -YEAR_TURN_MS) backwards++
    before = atMs
  }
  return backwards > forwards
}

/** A list or an answer of the API; null for lines. */
function readDocument(source: ByteSource): readonly ServerEvent[] | null {
  const [first = '', second] = firstLines(source)
  if (!/^\s*[[{]/.test(first) || source.sizeBytes > LARGEST_DOCUMENT_BYTES) return null
  const alone = parsed(first)
  // One object a line; where no whole is read either, a log whose lines begin with a bracket.
  if (alone !== undefined && second !== undefined) return null
  const value = alone ?? parsed(new TextDecoder().decode(readAll(source)))
  return value === undefined ? null : readOwnEvents(value)
}

/** The first two with something in them. */
function firstLines(source: ByteSource): readonly string[] {
  const lines: string[] = []
  for (const line of linesOf(source)) {
    if (line.trim() !== '') lines.push(line)
    if (lines.length === 2) break
  }
  return lines
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
