import { setTimeout as pause } from 'node:timers/promises'
import type { Appliance } from './appliance.ts'
import { EventFollower, EventLedger, type ToldEvent } from './event-ledger.ts'
import type { Ground } from './ground.ts'
import type { Companion } from './rounds.ts'

/** How often events are read, in milliseconds. */
const EVERY_MS = 400

/** The most that a page holds. */
const PAGE = 1000

/** What one appliance has recorded reaches the other within this, in milliseconds. */
const SEEN_WITHIN_MS = 20_000

/** A reader of one appliance, and where it goes on. */
type Reader = {
  readonly appliance: Appliance
  readonly follower: EventFollower
  next: string
}

/**
 * Reads the events of both appliances at each of them. One reader follows as they come, and what it
 * was told while faults went on is read once more by another when everything has healed.
 */
export class EventReader implements Companion {
  readonly #ledger = new EventLedger()
  readonly #found: string[] = []
  readonly #following: readonly Reader[]
  readonly #checking: readonly Reader[]

  constructor({ appliances }: Pick<Ground, 'appliances'>) {
    const reader = (appliance: Appliance, what: string): Reader => {
      const follower = new EventFollower(this.#ledger, `${appliance.name} ${what}`)
      return { appliance, follower, next: '0' }
    }
    this.#following = appliances.map((one) => reader(one, 'following'))
    this.#checking = appliances.map((one) => reader(one, 'healed'))
  }

  /** Events that were read, each counted once. */
  get events(): number {
    return this.#ledger.size
  }

  /** Reads all that there is, so that each cursor names both appliances from here on. */
  async begin(): Promise<void> {
    for (const until = Date.now() + SEEN_WITHIN_MS; ; await pause(EVERY_MS)) {
      const readers = [...this.#following, ...this.#checking]
      for (const one of readers) await this.#readOn(one)
      if (readers.every(({ next }) => placesIn(next) === this.#following.length)) return
      if (Date.now() > until) throw new Error('the appliances do not tell each other of events')
    }
  }

  readonly run = async (isOver: () => boolean): Promise<void> => {
    const follow = async (reader: Reader) => {
      while (!isOver()) {
        await pause(EVERY_MS)
        if (reader.appliance.isRunning) await this.#readOn(reader)
      }
    }
    await Promise.all(this.#following.map(follow))
  }

  readonly judge = async (): Promise<readonly string[]> => {
    const told = this.#ledger.newest()
    for (const reader of this.#checking) {
      const lacking = await this.#readUpTo(told, reader)
      if (lacking === null) continue
      this.#found.push(
        `I8 ${reader.appliance.name} does not tell ${lacking}, which was read before`,
      )
    }
    return this.#found.splice(0)
  }

  /** The first event that is missing; null once there is none. */
  async #readUpTo(told: ReadonlyMap<string, number>, reader: Reader): Promise<string | null> {
    for (const until = Date.now() + SEEN_WITHIN_MS; ; await pause(150)) {
      await this.#readOn(reader)
      const lacking = reader.follower.lacks(told)
      if (lacking === null || Date.now() > until) return lacking
    }
  }

  /** Page after page, until one is not full. */
  async #readOn(reader: Reader): Promise<void> {
    for (;;) {
      const path = `/v1/events?limit=${PAGE}&after=${encodeURIComponent(reader.next)}`
      const { status, body } = await reader.appliance.ask(path, { withinMs: 1500 })
      if (status !== 200) return
      const { events, next } = body as { events: ToldEvent[]; next: string | number }
      this.#found.push(...reader.follower.onPage(events))
      reader.next = `${next}`
      if (events.length < PAGE) return
    }
  }
}

/** How many appliances a cursor names. */
function placesIn(cursor: string): number {
  return cursor.split(',').length
}
