import { PostgresConnection, type RunStatement } from './connection.ts'
import type { PostgresHost } from './postgres-url.ts'

/** What a feed is made of. */
export type ChangeFeedParts = {
  readonly hosts: readonly PostgresHost[]
  readonly channels: readonly string[]
  readonly prepare: (run: RunStatement) => Promise<void>
  readonly onChange: (channel: string, payload: string) => void
  /** The connection is there, or there again: what was announced meanwhile is unknown. */
  readonly onBack: () => void
  /** PostgreSQL has answered; every two seconds. */
  readonly onAlive: () => void
  /** Called once when PostgreSQL goes away, with the reason. */
  readonly onAway: (reason: string) => void
}

/** How often the connection is tried, in milliseconds: so old can `fault` be. */
const TRY_EVERY_MS = 2_000

/** An answer to `SELECT 1` that takes longer is none. */
const TIMEOUT_MS = 5_000

/**
 * Follows what other appliances announce (LISTEN), on a connection of its own, and knows whether
 * PostgreSQL answers.
 */
export class ChangeFeed {
  readonly #parts: ChangeFeedParts
  readonly #connection: PostgresConnection
  #fault: string | null = 'not connected yet'
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #trying: Promise<void> | null = null

  constructor(parts: ChangeFeedParts) {
    this.#parts = parts
    this.#connection = new PostgresConnection(parts.hosts, {
      name: 'changes',
      timeoutMs: TIMEOUT_MS,
      prepare: async (run) => {
        await parts.prepare(run)
        for (const channel of parts.channels) await run(`LISTEN ${channel}`)
      },
      onNotification: parts.onChange,
      onLost: (reason) => this.#lose(reason),
    })
  }

  /** Why PostgreSQL cannot be used now, in words without a password; null while it can. */
  get fault(): string | null {
    return this.#fault
  }

  /** Makes the first try, and goes on by itself; never rejects. */
  start(): Promise<void> {
    return this.#try()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#connection.close()
    await this.#trying
  }

  #try(): Promise<void> {
    clearTimeout(this.#timer)
    this.#trying ??= this.#look().finally(() => {
      this.#trying = null
      if (this.#isClosed) return
      this.#timer = setTimeout(() => void this.#try(), TRY_EVERY_MS)
      this.#timer.unref()
    })
    return this.#trying
  }

  async #look(): Promise<void> {
    try {
      // One of our tables: a server that answers without them is of no use.
      await this.#connection.query('SELECT FROM switchhook.schema_version')
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error))
      return
    }
    if (this.#fault === null) return this.#parts.onAlive()
    this.#fault = null
    this.#parts.onBack()
  }

  #lose(reason: string): void {
    if (this.#isClosed) return
    const isNews = this.#fault === null || this.#fault === 'not connected yet'
    this.#fault = reason
    if (isNews) this.#parts.onAway(reason)
  }
}
