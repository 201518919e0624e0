/** What a line of a trace tells. */
export type TraceEventKind =
  /** A read request arrived. */
  | 'rrq'
  /** The file was sent to its end and acknowledged. */
  | 'done'
  /** The server had done with it: a file or an ERROR; its log does not tell which. */
  | 'answered'
  | 'error'
  /** The server got no ACK in time. */
  | 'server-timeout'
  /** The server gave the transfer up; the file is not whole. */
  | 'aborted'

/** One line of a trace. */
export type TraceEvent = {
  /** Seconds since the first event; never less than that of the event before. */
  readonly t: number
  /** One of {@link TraceEventKind}, or what another protocol did: `dhcp-…`, `sip-…`, `sccp-…`, `tcp-connect`. */
  readonly kind: TraceEventKind | (string & {})
  /** The file as it was asked for; for other protocols what the message was about. */
  readonly name: string
  /** The phone's port; null where the source does not tell. */
  readonly port: number | null
  /** The phone's address, where a trace has several phones; null otherwise. */
  readonly ip: string | null
  /** The same request once more: same name and port, at most ten seconds after the last one. */
  readonly repeat: boolean
  readonly note: string | null
}

/** What a phone did on the wire, as a server logged it. */
export type Trace = {
  readonly name: string
  /** What the first line says besides: source, phone, server, clock, truth. */
  readonly header: Readonly<Record<string, unknown>>
  readonly events: readonly TraceEvent[]
}

/** A trace is malformed; `line` counts the lines that are not blank, from 1. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
  readonly line: number

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

/** Most events that a trace may have: some days of one phone. */
const MAX_EVENTS = 100_000

/**
 * Reads a trace: JSON lines, first a header with the key `trace`, then one event a line, in order of time. Keys that are
 * not known are ignored, so that a trace of a later version can be read.
 *
 * @throws TraceError that names the line where the form is another.
 */
export function readTrace(text: string): Trace {
  const [first = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '')
  const header = objectIn(first, 1)
  if (typeof header['trace'] !== 'string')
    throw new TraceError(1, 'a trace begins with {"trace": …}')
  if (rest.length > MAX_EVENTS)
    throw new TraceError(MAX_EVENTS + 2, `more than ${MAX_EVENTS} events`)
  let lastT = 0
  const events = rest.map((line, index) => {
    const event = eventIn(objectIn(line, index + 2), index + 2)
    if (event.t < lastT) throw new TraceError(index + 2, `t goes back from ${lastT} to ${event.t}`)
    lastT = event.t
    return event
  })
  return { name: header['trace'], header, events }
}

function eventIn(value: Readonly<Record<string, unknown>>, line: number): TraceEvent {
  const { t, kind, name, port = null, ip = null, repeat = false, note = null } = value
  if (typeof t !== 'number' || !Number.isFinite(t)) throw new TraceError(line, `t is no number`)
  if (typeof kind !== 'string') throw new TraceError(line, `kind is no text`)
  if (typeof name !== 'string') throw new TraceError(line, `name is no text`)
  if (!isPort(port)) throw new TraceError(line, `port is none of 1 to 65535`)
  if (ip !== null && typeof ip !== 'string') throw new TraceError(line, `ip is no text`)
  return {
    t,
    kind,
    name,
    port,
    ip,
    repeat: repeat === true,
    note: typeof note === 'string' ? note : null,
  }
}

function isPort(value: unknown): value is number | null {
  if (value === null) return true
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535
}

function objectIn(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Reported below, like any other line that is no object.
  }
  throw new TraceError(number, `not a JSON object`)
}
