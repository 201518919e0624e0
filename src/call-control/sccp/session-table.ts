import type { Ipv4 } from '../../net/ipv4.ts'
import type { SccpSession } from './session.ts'

/** Connections that one address may hold: a phone has one, and a second while it restarts. */
const SESSIONS_PER_ADDRESS = 4

/** Connections of all clients together. */
export const MOST_SESSIONS = 10_000

/** The open connections, by number, within bounds. */
export class SessionTable {
  readonly #sessions = new Map<number, SccpSession>()
  readonly #perAddress = new Map<Ipv4, number>()

  /** False where there are too many already. */
  add(session: SccpSession): boolean {
    const { session: number, client } = session.connection
    const count = this.#perAddress.get(client) ?? 0
    if (count >= SESSIONS_PER_ADDRESS || this.#sessions.size >= MOST_SESSIONS) return false
    this.#perAddress.set(client, count + 1)
    this.#sessions.set(number, session)
    return true
  }

  get(number: number): SccpSession | undefined {
    return this.#sessions.get(number)
  }

  /** Takes out one that was added. */
  remove({ connection }: SccpSession): void {
    const { session: number, client } = connection
    this.#sessions.delete(number)
    const left = (this.#perAddress.get(client) as number) - 1
    if (left === 0) this.#perAddress.delete(client)
    else this.#perAddress.set(client, left)
  }

  /** All of them; removing while going through is allowed. */
  all(): Iterable<SccpSession> {
    return this.#sessions.values()
  }

  get size(): number {
    return this.#sessions.size
  }
}
