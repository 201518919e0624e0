import type { Mac } from '../../net/mac.ts'
import {
  type EventFilter,
  isWanted,
  type StoredEventFilter,
  storedFilter,
} from '../events/event-filter.ts'
import type { Journal, RecordedEvent } from '../events/journal.ts'
import type { StoredEvent } from '../events/stored-event.ts'
import type { EventRange } from '../services.ts'

/** Events that were stored, as far as readers of the past need them. */
export interface EventHistory {
  /** The oldest id that is kept; 0 before the first event. */
  readonly oldestId: number
  /** Events by id, ascending; without `afterId` the newest. `faults`: rows that make no sense. */
  list(
    filter: StoredEventFilter & { readonly afterId?: number; readonly limit: number },
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly faults: readonly string[] }>
}

/** Which events of this appliance. */
export type LocalEventQuery = EventFilter & {
  /** Only those after this id; undefined: the newest. */
  readonly after?: number
  readonly limit: number
}

/** What happened on this appliance, in ascending order of ids. */
export interface LocalEvents {
  list(query: LocalEventQuery): Promise<readonly RecordedEvent[]>
  range(): EventRange
  /** Calls the listener after each new event, until the function that comes back is called. */
  subscribe(listener: () => void): () => void
}

/** Everything that happened here: followers are served from memory, readers of the past from the store. */
export function eventService(journal: Journal, store: EventHistory): LocalEvents {
  const oldestInMemory = () => journal.recent()[0]?.id ?? journal.newestId + 1
  return {
    async list(query) {
      const { after, limit } = query
      // A number that was told and did not reach the disk would be another event after a restart.
      await journal.flush()
      const recent = recentFor(journal.recent(), query)
      if (after === undefined ? recent.length >= limit : after >= oldestInMemory() - 1) {
        return firstOrLast(recent, query)
      }
      const stored = await storedFor(store, query)
      // Memory goes before the store: it has what a full disk has refused.
      const past = stored.filter(({ id }) => id < oldestInMemory())
      return firstOrLast([...past, ...recentFor(journal.recent(), query)], query)
    },
    range() {
      const oldest = Math.min(store.oldestId || Number.POSITIVE_INFINITY, oldestInMemory())
      return { oldest: journal.newestId === 0 ? 0 : oldest, newest: journal.newestId }
    },
    subscribe: (listener) => journal.subscribe(listener),
  }
}

/** With a cursor the first ones after it, without one the newest. */
function firstOrLast(
  events: readonly RecordedEvent[],
  { after, limit }: LocalEventQuery,
): readonly RecordedEvent[] {
  return after === undefined ? events.slice(-limit) : events.slice(0, limit)
}

function recentFor(
  recent: readonly RecordedEvent[],
  query: LocalEventQuery,
): readonly RecordedEvent[] {
  const { after } = query
  // Followers are near the end: the way from there is the shorter one.
  const start = after === undefined ? 0 : recent.findLastIndex(({ id }) => id <= after) + 1
  return recent.slice(start).filter((event) => isWanted(event, query))
}

async function storedFor(
  store: EventHistory,
  { after, limit, ...wanted }: LocalEventQuery,
): Promise<readonly RecordedEvent[]> {
  const filter = {
    ...storedFilter(wanted),
    ...(after === undefined ? {} : { afterId: after }),
  }
  let most = limit
  let page = await store.list({ ...filter, limit: most })
  // A page that rows without sense have made short must not look like the last one.
  while (page.events.length < limit && page.events.length + page.faults.length >= most) {
    most = limit + page.faults.length
    page = await store.list({ ...filter, limit: most })
  }
  return page.events.slice(0, limit).map(recordedOf)
}

/** An event as it is kept, as the journal has it. */
export function recordedOf(event: StoredEvent): RecordedEvent {
  return { ...event, mac: event.mac as Mac | null }
}
