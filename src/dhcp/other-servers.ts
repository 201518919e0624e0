import type { Ipv4 } from '../net/ipv4.ts'

/** More servers than this on one network are not told apart. */
const MAX_SERVERS = 16

/** A server that misses this many looks in a row is gone. */
const MISSES_UNTIL_GONE = 2

/** Two answers must be this far apart to prove a server, milliseconds: one packet proves nothing. */
const PROOF_AFTER_MS = 5000

/** Another DHCP server, and when it was heard; milliseconds of the engine's clock. */
export type OtherServer = {
  readonly address: Ipv4
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
}

/** What a reply of another server comes to. */
export type HeardServer = {
  /** To be reported: it is new, was proven just now, or has not been told of for long. */
  readonly isNews: boolean
  /** It was not known before. */
  readonly isNew: boolean
  readonly isProven: boolean
}

type Entry = {
  readonly firstSeenAtMs: number
  lastSeenAtMs: number
  reportedAtMs: number
  /** Heard since the last look ended, by whatever reply. */
  isHeard: boolean
  /** Has answered a look of ours since the last one ended. */
  hasAnswered: boolean
  /** The first answer of those in a row; null for none. */
  firstAnswerAtMs: number | null
  isProven: boolean
  misses: number
}

/**
 * The other DHCP servers of one network.
 *
 * What is overheard is remembered and shown, but any device can send one OFFER to port 68. A server is
 * proven only by two answers to looks of ours, in a row and five seconds apart: they carry the xid
 * of the look, which is random and new each time.
 */
export class OtherServers {
  readonly #entries = new Map<Ipv4, Entry>()
  readonly #reportAgainMs: number

  /** @param reportAgainMs - How long after a report a server that is still there is news again. */
  constructor(reportAgainMs: number) {
    this.#reportAgainMs = reportAgainMs
  }

  /** Those that are known, in the order in which they were found. */
  list(): readonly OtherServer[] {
    return [...this.#entries].map(([address, { firstSeenAtMs, lastSeenAtMs }]) => ({
      address,
      firstSeenAtMs,
      lastSeenAtMs,
    }))
  }

  /** Whether a server is proven to be there. */
  get isAnyProven(): boolean {
    return [...this.#entries.values()].some(({ isProven }) => isProven)
  }

  /** When another answer would prove a server that has answered; null where none is awaited. */
  get proofAtMs(): number | null {
    const times = [...this.#entries.values()].flatMap(({ isProven, firstAnswerAtMs }) =>
      isProven || firstAnswerAtMs === null ? [] : [firstAnswerAtMs + PROOF_AFTER_MS],
    )
    return times.length === 0 ? null : Math.min(...times)
  }

  /**
   * A reply of a server was heard.
   *
   * @param isAnswer - It answers the latest look of ours.
   * @returns undefined where too many servers are known to tell this one apart.
   */
  onReply(address: Ipv4, isAnswer: boolean, nowMs: number): HeardServer | undefined {
    const known = this.#entries.get(address)
    const entry = known ?? this.#add(address, isAnswer, nowMs)
    if (entry === undefined) return undefined
    entry.lastSeenAtMs = nowMs
    entry.isHeard = true
    const wasProven = entry.isProven
    if (isAnswer) {
      entry.hasAnswered = true
      entry.firstAnswerAtMs ??= nowMs
      entry.isProven ||= nowMs - entry.firstAnswerAtMs >= PROOF_AFTER_MS
    }
    const isNews =
      known === undefined ||
      entry.isProven !== wasProven ||
      nowMs - entry.reportedAtMs >= this.#reportAgainMs
    if (isNews) entry.reportedAtMs = nowMs
    return { isNews, isNew: known === undefined, isProven: entry.isProven }
  }

  /**
   * A look has ended. One that is proven must have answered it: what is overheard could be forged
   * to keep the network out of service.
   *
   * @returns The servers that are gone.
   */
  onLookEnded(): readonly Ipv4[] {
    const gone: Ipv4[] = []
    for (const [address, entry] of this.#entries) {
      const isThere = entry.isProven ? entry.hasAnswered : entry.isHeard
      entry.misses = isThere ? 0 : entry.misses + 1
      if (!entry.hasAnswered && !entry.isProven) entry.firstAnswerAtMs = null
      entry.isHeard = false
      entry.hasAnswered = false
      if (entry.misses < MISSES_UNTIL_GONE) continue
      this.#entries.delete(address)
      gone.push(address)
    }
    return gone
  }

  #add(address: Ipv4, isAnswer: boolean, nowMs: number): Entry | undefined {
    if (this.#entries.size >= MAX_SERVERS && !(isAnswer && this.#dropSilent())) return undefined
    const entry = {
      firstSeenAtMs: nowMs,
      lastSeenAtMs: nowMs,
      reportedAtMs: nowMs,
      isHeard: true,
      hasAnswered: false,
      firstAnswerAtMs: null,
      isProven: false,
      misses: 0,
    }
    this.#entries.set(address, entry)
    return entry
  }

  /** Made-up servers must not keep one that answers out of the table. */
  #dropSilent(): boolean {
    for (const [address, { firstAnswerAtMs }] of this.#entries) {
      if (firstAnswerAtMs !== null) continue
      this.#entries.delete(address)
      return true
    }
    return false
  }
}
