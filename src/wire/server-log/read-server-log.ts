import type { Ipv4 } from '../../net/ipv4.ts'
import { readAtftpdLine } from './atftpd.ts'
import { readDnsmasqLine } from './dnsmasq.ts'
import { readDocumentLine } from './document-form.ts'
import { readIscLine } from './isc-dhcpd.ts'
import { readLogLine } from './log-time.ts'
import { readOwnEvents } from './own-events.ts'
import type { LineEvent, LineReader, ServerEvent } from './server-event.ts'
import { readTftpdHpaLine } from './tftpd-hpa.ts'
import { readTftpd64Line } from './tftpd64.ts'
import { type ExchangeEvent, Transactions } from './transactions.ts'

/** What a log told. */
export type ServerLog = {
  /** In the order of the log. */
  readonly events: readonly ServerEvent[]
  /** Lines that no reader knew; logs of a whole system have many. */
  readonly unknownLines: number
  /** Whether lines after {@link MOST_EVENTS} were left unread. */
  readonly isCut: boolean
}

/** Most things that are kept of a log: some hundred bytes each, and more than a day of any server. */
export const MOST_EVENTS = 1_000_000

/**
 * Reads the log of a DHCP or TFTP server; which one is told line by line, so that a system log with
 * several of them is read as a whole.
 *
 * @param year - For logs whose times have none.
 */
export function readServerLog(text: string, year: number): ServerLog {
  const document = parseJson(text)
  const whole = document === undefined ? null : readOwnEvents(document)
  if (whole !== null) return { events: whole, unknownLines: 0, isCut: false }
  const reading = new Reading(year)
  for (const line of linesOf(text)) {
    if (reading.isCut) break
    reading.addLine(line)
  }
  return reading
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

const READERS: readonly LineReader[] = [
  readTftpdHpaLine,
  readDnsmasqLine,
  readIscLine,
  readDocumentLine,
  readTftpd64Line,
  readAtftpdLine,
]

/** Longer lines are none of a server's. */
const LONGEST_LINE = 8192

/** Processes whose requests are remembered; old ones have answered long ago. */
const MOST_PROCESSES = 4_096

/** A log without years that goes back so far has come to the next one. */
const YEAR_TURN_MS = 300 * 86_400_000

class Reading {
  readonly events: ServerEvent[] = []
  unknownLines = 0
  #year: number
  #atMs = 0
  #client: Ipv4 | null = null
  /** What each client asked for last: some servers name a file once. */
  readonly #asked = new Map<Ipv4, string>()
  readonly #transactions = new Transactions()
  readonly #askedOf = new Map<string, { readonly client: Ipv4; readonly name: string }>()

  constructor(year: number) {
    this.#year = year
  }

  get isCut(): boolean {
    return this.events.length >= MOST_EVENTS
  }

  addLine(line: string): void {
    if (line.trim() === '') return
    const own = line.startsWith('{') ? readOwnEvents(parseJson(line)) : null
    if (own !== null) {
      this.events.push(...own)
      return
    }
    const { atMs, message } = readLogLine(line.slice(0, LONGEST_LINE), this.#year)
    const told = firstOf(message)
    if (told === null) {
      this.unknownLines++
      return
    }
    this.#advance(line, atMs)
    const exchange = /\]: (\d{1,10}) /.exec(line)?.[1] ?? null
    const process = /\[(\d{1,10})\]: /.exec(line)?.[1] ?? null
    for (const event of told) {
      if (isOfExchange(event)) this.#addOfExchange(event, exchange)
      else this.#add(event, process)
    }
  }

  #advance(line: string, atMs: number | null): void {
    if (atMs === null) return
    const isNextYear = atMs < this.#atMs - YEAR_TURN_MS
    if (isNextYear) this.#year++
    this.#atMs = isNextYear ? (readLogLine(line, this.#year).atMs as number) : atMs
  }

  #addOfExchange(event: ExchangeEvent, id: string | null): void {
    for (const told of this.#transactions.complete(event, id)) {
      if (told.kind !== 'class') this.events.push({ ...told, atMs: this.#atMs })
    }
  }

  #add(event: Exclude<LineEvent, ExchangeEvent>, process: string | null): void {
    const atMs = this.#atMs
    const client = event.client ?? this.#client
    if (client === null) return
    this.#client = client
    if (event.kind === 'client') return
    const answered = process === null ? undefined : this.#askedOf.get(process)
    if (event.kind === 'request') this.#remember(client, process, event.name)
    const name =
      event.name ?? (answered?.client === client ? answered.name : this.#asked.get(client))
    if (name !== undefined) this.events.push({ ...event, client, name, atMs })
  }

  /** A phone asks for two files at once: servers with a process for each answer in any order. */
  #remember(client: Ipv4, process: string | null, name: string): void {
    this.#asked.set(client, name)
    if (process === null) return
    if (this.#askedOf.size >= MOST_PROCESSES) this.#askedOf.clear()
    this.#askedOf.set(process, { client, name })
  }
}

const OF_EXCHANGE: readonly LineEvent['kind'][] = ['boot', 'dhcp', 'address', 'told', 'class']

function isOfExchange(event: LineEvent): event is ExchangeEvent {
  return OF_EXCHANGE.includes(event.kind)
}

function firstOf(message: string): readonly LineEvent[] | null {
  for (const read of READERS) {
    const told = read(message)
    if (told !== null) return told
  }
  return null
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
