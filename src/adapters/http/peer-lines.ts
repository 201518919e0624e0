import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import { PeerLimit } from '../../net/peer-limit.ts'
import type { Allowance } from '../../net/token-bucket.ts'
import { peerOf } from './peer.ts'

/** Lines of one cause from one peer, and from all of them. */
const EACH: Allowance = { burst: 10, perSecond: 0.2 }
const ALL: Allowance = { burst: 60, perSecond: 1 }

/** How often is looked for lines that were left out and not told of, in milliseconds. */
const TELL_MS = 10_000

/** A line of the log: `event` is its cause. */
export type PeerLine = { readonly event: string } & Readonly<Record<string, unknown>>

/**
 * Lines of the log that a client can cause without end: limited for each cause and peer. The next
 * line of the cause says how many were left out (`leftOut`), or, where none follows, a line
 * `log.lines.left.out` does.
 */
export class PeerLines {
  readonly #log: FastifyBaseLogger
  readonly #nowMs: () => number
  readonly #limits = new Map<string, PeerLimit>()

  constructor(app: FastifyInstance, nowMs: () => number) {
    this.#log = app.log
    this.#nowMs = nowMs
    const timer = setInterval(() => this.#report(), TELL_MS)
    timer.unref()
    app.addHook('onClose', async () => clearInterval(timer))
  }

  /** Writes a line about a request, or counts it. */
  write(request: FastifyRequest, level: 'info' | 'warn' | 'error', line: PeerLine): void {
    const leftOut = this.#limitOf(line.event).take(peerOf(request.ip), this.#nowMs())
    if (leftOut === null) return
    request.log[level](leftOut === 0 ? line : { ...line, leftOut })
  }

  /** The same about a connection, of which no request is known. */
  writeOf(address: string | undefined, line: PeerLine): void {
    const leftOut = this.#limitOf(line.event).take(peerOf(address), this.#nowMs())
    if (leftOut === null) return
    this.#log.warn(leftOut === 0 ? line : { ...line, leftOut })
  }

  /** Causes are names of ours: there are a few of them. */
  #limitOf(cause: string): PeerLimit {
    const limit = this.#limits.get(cause) ?? new PeerLimit(EACH, ALL)
    this.#limits.set(cause, limit)
    return limit
  }

  #report(): void {
    for (const [cause, limit] of this.#limits) {
      const leftOut = limit.takeLeftOut(this.#nowMs())
      if (leftOut > 0) this.#log.warn({ event: 'log.lines.left.out', of: cause, leftOut })
    }
  }
}
