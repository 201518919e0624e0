import type { EventService } from '../../src/adapters/http/services.ts'
import type { SqliteEventStore } from '../../src/adapters/sqlite/event-store.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { Journal, RecordedEvent } from '../journal.ts'

/** Everything that happened: followers are served from memory, readers of the past from the store. */
export function eventService(journal: Journal, store: SqliteEventStore): EventService {
  return {
    async list({ after, mac, network, limit }) {
      const fits = (event: RecordedEvent) =>
        (mac === undefined || event.mac === mac) &&
        (network === undefined || event.network === network)
      const recent = journal.recent()
      const oldest = recent[0]?.id ?? journal.newestId + 1
      if (after !== undefined && after >= oldest - 1) {
        return recent
          .slice(after - oldest + 1)
          .filter(fits)
          .slice(0, limit)
      }
      await journal.flush()
      const { events } = await store.list({
        limit,
        ...(after === undefined ? {} : { afterId: after }),
        ...(mac === undefined ? {} : { mac }),
      })
      return events.map((event) => ({ ...event, mac: event.mac as Mac | null })).filter(fits)
    },
    range: () => ({ oldest: journal.newestId === 0 ? 0 : 1, newest: journal.newestId }),
    subscribe: (listener) => journal.subscribe(listener),
  }
}
