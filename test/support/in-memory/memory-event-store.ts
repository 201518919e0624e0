import type { Mac } from '../../../src/net/mac.ts'
import type { EventHistory } from '../../../src/services/api/events.ts'
import { isWanted } from '../../../src/services/events/event-filter.ts'
import type { EventStore } from '../../../src/services/events/journal.ts'
import type { StoredEvent } from '../../../src/services/events/stored-event.ts'

/** Events that were stored, in memory: the newest so many. */
export class MemoryEventStore implements EventStore, EventHistory {
  readonly #keep: number
  #events: StoredEvent[] = []

  constructor(keep = 1_000) {
    this.#keep = keep
  }

  get newestId(): number {
    return this.#events.at(-1)?.id ?? 0
  }

  get oldestId(): number {
    return this.#events[0]?.id ?? 0
  }

  async append(events: readonly StoredEvent[]): Promise<void> {
    this.#events = [...this.#events, ...events].slice(-this.#keep)
  }

  async list({ afterId, limit, names, ...filter }: Parameters<EventHistory['list']>[0]) {
    const wanted = this.#events
      .filter((event) => isWanted({ ...event, mac: event.mac as Mac | null }, filter))
      .filter(({ event }) => names === undefined || names.includes(event))
    const after = wanted.filter(({ id }) => id > (afterId ?? 0))
    const events = afterId === undefined ? after.slice(-limit) : after.slice(0, limit)
    return { events, faults: [] }
  }
}
