import type { Mac } from '../../../net/mac.ts'
import type { LinesRead } from '../lines-read.ts'
import { readAtftpdLine } from './atftpd.ts'
import { readDnsmasqLine } from './dnsmasq.ts'
import { readDocumentLine } from './document-form.ts'
import { readIosLine } from './ios.ts'
import { readIscLine } from './isc-dhcpd.ts'
import { readJournalEntry } from './journal-json.ts'
import { type LogLine, readLogLine } from './log-time.ts'
import { readNetfilterLine } from './netfilter.ts'
import { readOpenTftpLine } from './open-tftp.ts'
import { readOwnEvents } from './own-events.ts'
import { readPumpkinLine } from './pumpkin.ts'
import type { EventSink } from './read-server-log.ts'
import type { LineEvent, LineReader } from './server-event.ts'
import { readTftpdHpaLine } from './tftpd-hpa.ts'
import { readTftpd64Line } from './tftpd64.ts'
import { type DeviceEvent, type ExchangeEvent, Transactions } from './transactions.ts'
import { TransferLines } from './transfer-lines.ts'

const READERS: readonly LineReader[] = [
  readTftpdHpaLine,
  readOpenTftpLine,
  readDnsmasqLine,
  readIscLine,
  readDocumentLine,
  readTftpd64Line,
  readAtftpdLine,
  readPumpkinLine,
  readIosLine,
  readNetfilterLine,
]

/** Longer lines are none of a server's. */
const LONGEST_LINE = 8192

/** What is kept of a line that is shown as an example. */
const SHOWN_CHARACTERS = 160

/** A log without years that goes back so far has come to the next one. */
const YEAR_TURN_MS = 300 * 86_400_000

/** Reads a log line by line, in the order of time. */
export class LogReader {
  readonly #sink: EventSink
  readonly #transactions = new Transactions()
  readonly #transfers = new TransferLines()
  #lines = 0
  #unknownLines = 0
  #foreignLines = 0
  #firstUnknown: string | null = null
  #year: number
  #atMs = 0
  #hasTimes = false
  /** Whom the DHCP lines of a server are about that names a device once. */
  #device: Mac | null = null

  constructor(year: number, sink: EventSink) {
    this.#year = year
    this.#sink = sink
  }

  addLine(line: string): void {
    if (line.trim() === '') return
    this.#lines++
    if (line.startsWith('{') && this.#addObject(line)) return
    if (/^-- .* --$/.test(line)) return
    this.#addRead(readLogLine(line.slice(0, LONGEST_LINE), this.#year), line)
  }

  /** How the lines were understood, and whether any had a time. */
  result(): LinesRead & { readonly isTimed: boolean } {
    return {
      isTimed: this.#hasTimes,
      lines: this.#lines,
      unknownLines: this.#unknownLines,
      foreignLines: this.#foreignLines,
      firstUnknown: this.#firstUnknown,
    }
  }

  /** An event of ours, or an entry of systemd's journal. */
  #addObject(line: string): boolean {
    const value = parse(line)
    const entry = readJournalEntry(value)
    if (entry !== null) {
      this.#addRead(entry, line)
      return true
    }
    const own = readOwnEvents(value)
    for (const event of own ?? []) this.#sink.add(event)
    return own !== null
  }

  #addRead(read: LogLine, line: string): void {
    const results = firstOf(read.message)
    if (results === null) {
      this.#passOver(read, line)
      return
    }
    this.#advance(line, read.atMs)
    const exchange = /^(\d{1,10}) /.exec(read.message)?.[1] ?? null
    for (const event of results) {
      if (event.kind === 'device') this.#device = event.mac
      else if (isOfExchange(event)) this.#addOfExchange(event, exchange)
      // No log that is read here has lines of a call manager.
      else if (event.kind !== 'registration')
        for (const result of this.#transfers.read(event, read.process, this.#atMs))
          this.#sink.add(result)
    }
  }

  #passOver({ program, message }: LogLine, line: string): void {
    this.#unknownLines++
    if (concernsPhones(program, message)) this.#firstUnknown ??= line.slice(0, SHOWN_CHARACTERS)
    else this.#foreignLines++
  }

  #advance(line: string, atMs: number | null): void {
    if (atMs === null) return
    this.#hasTimes = true
    const isNextYear = atMs < this.#atMs - YEAR_TURN_MS
    if (isNextYear) this.#year++
    this.#atMs = isNextYear ? (readLogLine(line, this.#year).atMs ?? atMs) : atMs
  }

  #addOfExchange(event: ExchangeEvent, id: string | null): void {
    const known = this.#withDevice(event)
    if (known === null) return
    for (const result of this.#transactions.complete(known, id)) {
      this.#sink.add({ ...result, atMs: this.#atMs })
    }
    if (known.kind === 'address') this.#transfers.learn(known.mac, known.address)
  }

  #withDevice(event: ExchangeEvent): DeviceEvent | null {
    if (event.kind === 'boot') this.#device = event.mac
    if (event.kind !== 'dhcp' && event.kind !== 'address') return event
    const mac = event.mac ?? this.#device
    return mac === null ? null : { ...event, mac }
  }
}

const OF_EXCHANGE: readonly LineEvent['kind'][] = ['boot', 'dhcp', 'address', 'reply', 'class']

function isOfExchange(event: LineEvent): event is ExchangeEvent {
  return OF_EXCHANGE.includes(event.kind)
}

function firstOf(message: string): readonly LineEvent[] | null {
  for (const read of READERS) {
    const results = read(message)
    if (results !== null) return results
  }
  return null
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Programs whose lines ought to be understood. */
const SERVERS = /tftp|dhcp|dnsmasq|kea|pumpkin/i

/** What only lines about phones and their files have. */
const OF_PHONES =
  /\b(?:CTL|ITL)?S[EI]P[0-9A-F]{12}\b|\bMGC[0-9A-F]{12}\b|\bP0[0SM]3[\w-]{4,}|\bOS79XX\b|\b(?:XML|SIP|SEP)Default\b|\.(?:loads|sb[n2])\b|\bRRQ\b|tftp|DHCP(?:DISCOVER|OFFER|REQUEST|ACK|NAK)/i

/**
 * Whether a line that no reader knew ought to have been understood. Others are of programs that have
 * nothing to do with phones: a log of a whole system has many.
 */
function concernsPhones(program: string | null, message: string): boolean {
  return (program !== null && SERVERS.test(program)) || OF_PHONES.test(message)
}
