import { type Ipv4, UNSPECIFIED } from '../../../net/ipv4.ts'
import type { Mac } from '../../../net/mac.ts'
import { macInName } from './addresses.ts'
import { type OpenRequest, OpenRequests } from './open-requests.ts'
import type { LineEvent, ServerEvent } from './server-event.ts'
import type { ExchangeEvent } from './transactions.ts'

/** What a line tells of a transfer. */
type TransferEvent = Exclude<
  LineEvent,
  ExchangeEvent | { readonly kind: 'device' | 'registration' }
>

/** A line that ends a transfer, or says that the file is absent. */
type EndEvent = TransferEvent & { readonly kind: 'absent' | 'ended' | 'over' }

/** An end that several requests of one process may have had. */
type UnclearEnd = { readonly process: string; readonly atMs: number; among: readonly OpenRequest[] }

/** A packet is kept back while the transfer goes on that it belongs to. */
const BLOCKED_WITHIN_MS = 30_000
/** A server that says "finished" of an ERROR says it at once; an image takes seconds. */
const LEAST_TRANSFER_MS = 1_000
const MOST_UNCLEAR = 64
const MOST_ABORTED = 1_024
const MOST_KNOWN = 65_536

/**
 * Fills in whom a line of a TFTP server is about and which file, from the lines before it.
 */
export class TransferLines {
  readonly #open = new OpenRequests()
  /** Whom the lines are about that follow, for servers that say it once. */
  #client: Ipv4 | null = null
  #port: number | null = null
  #unclear: UnclearEnd[] = []
  readonly #abortedBy = new Set<Ipv4>()
  readonly #addresses = new Map<Mac, Ipv4>()
  /** Names whose time-out was told, and whose end follows: how often. */
  readonly #timedOut = new Map<string, number>()

  /** A device holds an address: some servers name files and no client. */
  learn(mac: Mac, address: Ipv4): void {
    if (this.#addresses.size >= MOST_KNOWN) this.#addresses.clear()
    this.#addresses.set(mac, address)
  }

  /** The events of one line. */
  read(event: TransferEvent, process: string | null, atMs: number): readonly ServerEvent[] {
    switch (event.kind) {
      case 'client':
        this.#client = event.client
        this.#port = event.port
        return []
      case 'peer-error':
        if (this.#abortedBy.size >= MOST_ABORTED) this.#abortedBy.clear()
        this.#abortedBy.add(event.client)
        return []
      case 'request':
        return this.#begin(event, process, atMs)
      case 'repeated':
        return this.#repeat(event, atMs)
      default:
        return this.#about(event, process, atMs)
    }
  }

  #begin(
    event: TransferEvent & { readonly kind: 'request' },
    process: string | null,
    atMs: number,
  ): readonly ServerEvent[] {
    const client = event.client ?? this.#clientOf(event.name)
    const port = event.port ?? (event.client === null ? this.#port : null)
    this.#client = client
    this.#open.begin({ client, port, process, name: event.name, atMs, isOver: false })
    return [{ ...event, client, ...portOf(port), atMs }]
  }

  /** A name that holds a MAC address tells who asks; the others are the last client's. */
  #clientOf(name: string): Ipv4 {
    const mac = macInName(name)
    const known = mac === undefined ? undefined : this.#addresses.get(mac)
    return known ?? this.#client ?? UNSPECIFIED
  }

  #repeat(
    { client, port }: TransferEvent & { readonly kind: 'repeated' },
    atMs: number,
  ): readonly ServerEvent[] {
    const request = this.#open.from(client, port)
    if (request === undefined) return []
    return [{ kind: 'request', client, port, name: request.name, atMs }]
  }

  #about(
    event: TransferEvent & { readonly kind: 'absent' | 'ended' | 'blocked' | 'over' },
    process: string | null,
    atMs: number,
  ): readonly ServerEvent[] {
    if (event.kind === 'over' && this.#isEndOfTimeout(event.name)) return []
    // A server that names the client once says nothing of it in lines without a process.
    const client = event.client ?? (process === null && event.name === null ? this.#client : null)
    const found = this.#open.find({ client, process, name: event.name })
    if (found === 'several') {
      return event.kind === 'ended' ? this.#leaveOpen(process as string, atMs) : []
    }
    if (found === undefined) return []
    if (event.kind === 'blocked') return blocked(event.reason, found, atMs)
    const results = this.#close(event, found, atMs)
    return process === null ? results : [...results, ...this.#settle(process)]
  }

  /** Marks the request as over, and says how it ended. */
  #close(event: EndEvent, request: OpenRequest, atMs: number): readonly ServerEvent[] {
    if (event.kind === 'ended' && event.outcome === 'unheard' && event.client === null) {
      this.#timedOut.set(request.name, (this.#timedOut.get(request.name) ?? 0) + 1)
    }
    const wasOver = request.isOver
    request.isOver = true
    return this.#end(event, request, { wasOver, atMs })
  }

  /** A server says "finished" of what timed out as well, in a line of its own. */
  #isEndOfTimeout(name: string): boolean {
    const times = this.#timedOut.get(name) ?? 0
    if (times > 1) this.#timedOut.set(name, times - 1)
    else this.#timedOut.delete(name)
    return times > 0
  }

  #end(
    event: EndEvent,
    request: OpenRequest,
    { wasOver, atMs }: { readonly wasOver: boolean; readonly atMs: number },
  ): readonly ServerEvent[] {
    const { client, name, port } = request
    const about = { client, name, ...portOf(port), atMs } as const
    if (event.kind === 'absent') return [{ kind: 'absent', ...about }]
    // Said of one that has ended already: "finished" after a time-out, "end" after "not responding".
    if (event.client === null && wasOver) return []
    if (event.kind === 'over') {
      if (atMs - request.atMs < LEAST_TRANSFER_MS) return []
      return [{ kind: 'ended', ...about, outcome: 'completed', bytes: null }]
    }
    const aborted = event.outcome === 'unheard' && this.#abortedBy.delete(client)
    const outcome = aborted ? 'failed' : event.outcome
    return [{ kind: 'ended', ...about, outcome, bytes: event.bytes }]
  }

  #leaveOpen(process: string, atMs: number): readonly ServerEvent[] {
    if (this.#unclear.length >= MOST_UNCLEAR) this.#unclear.shift()
    this.#unclear.push({ process, atMs, among: this.#open.openOf(process) })
    return []
  }

  /** Once all others of those that may have ended are accounted for, it was the one that is left. */
  #settle(process: string): readonly ServerEvent[] {
    const results: ServerEvent[] = []
    this.#unclear = this.#unclear.filter((end) => {
      if (end.process !== process) return true
      const left = end.among.filter(({ isOver }) => !isOver)
      const [last] = left
      if (last !== undefined && left.length === 1) {
        last.isOver = true
        const { client, name, port } = last
        const { atMs } = end
        results.push({
          kind: 'ended',
          client,
          name,
          ...portOf(port),
          outcome: 'completed',
          bytes: null,
          atMs,
        })
      }
      return left.length > 1
    })
    return results
  }
}

function blocked(reason: string, request: OpenRequest, atMs: number): readonly ServerEvent[] {
  if (atMs - request.atMs > BLOCKED_WITHIN_MS) return []
  const { client, name } = request
  return [{ kind: 'blocked', client, name, by: 'filter', reason, atMs }]
}

function portOf(port: number | null): { readonly port?: number } {
  return port === null ? {} : { port }
}
