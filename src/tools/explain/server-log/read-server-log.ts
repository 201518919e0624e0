import { LogReader } from './log-reader.ts'
import { readLogLine } from './log-time.ts'
import { readOwnEvents } from './own-events.ts'
import type { ServerEvent } from './server-event.ts'

/** What a log told. */
export type ServerLog = {
  /** In the order of time where lines have one, else in the order of the log. */
  readonly events: readonly ServerEvent[]
  /** Lines with something in them. */
  readonly lines: number
  /** Lines that no reader knew; logs of a whole system have many. */
  readonly unknownLines: number
  /** Those of them that other programs wrote, and that mention nothing of a phone's. */
  readonly foreignLines: number
  /** The first of the others. */
  readonly firstUnknown: string | null
  /** Whether lines after {@link MOST_EVENTS} were left unread. */
  readonly isCut: boolean
}

/** Most things that are kept of a log: some hundred bytes each, and more than a day of any server. */
export const MOST_EVENTS = 1_000_000

/**
 * Reads the log of a DHCP or TFTP server; which one is told line by line, so that a system log with
 * several of them is read as a whole. An export that begins with the newest line is turned round.
 *
 * @param year - For logs whose times have none.
 */
export function readServerLog(text: string, year: number): ServerLog {
  const document = parseJson(text)
  const whole = document === undefined ? null : readOwnEvents(document)
  if (whole !== null) {
    return {
      events: whole,
      lines: 1,
      unknownLines: 0,
      foreignLines: 0,
      firstUnknown: null,
      isCut: false,
    }
  }
  const reader = new LogReader(year, MOST_EVENTS)
  for (const line of isNewestFirst(text, year) ? linesBackwards(text) : linesOf(text)) {
    if (reader.isCut) break
    reader.addLine(line)
  }
  return reader.result()
}

/** Line by line: all lines of a large log at once would need as much again as the log. */
function* linesOf(text: string): Generator<string> {
  let at = 0
  while (at < text.length) {
    const found = text.indexOf('\n', at)
    const end = found === -1 ? text.length : found
    yield text.slice(at, text[end - 1] === '\r' ? end - 1 : end)
    at = end + 1
  }
}

function* linesBackwards(text: string): Generator<string> {
  let end = text.endsWith('\n') ? text.length - 1 : text.length
  while (end > 0) {
    const at = text.lastIndexOf('\n', end - 1) + 1
    yield text.slice(at, text[end - 1] === '\r' ? end - 1 : end)
    end = at - 1
  }
}

/** Lines that are looked at to tell in which direction a log runs. */
const SAMPLE_LINES = 2_000
/** A log without years that steps back so far has come to the next one. */
const YEAR_TURN_MS = 300 * 86_400_000

/** Firewalls with a page of their own export their log as it is shown: the newest line first. */
function isNewestFirst(text: string, year: number): boolean {
  let [before, forwards, backwards, seen] = [null as number | null, 0, 0, 0]
  for (const line of linesOf(text)) {
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

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // A log whose lines begin with a bracket, or one object a line: read line by line.
    return undefined
  }
}
