import { eventService } from '../../../src/services/api/events.ts'
import { mergedEvents } from '../../../src/services/api/merged-events.ts'
import { Journal, type JournalEntry } from '../../../src/services/events/journal.ts'
import { NOW_MS } from '../values.ts'
import { MemoryEventStore } from './memory-event-store.ts'

/**
 * The events of an appliance that is the only one, and what records them.
 *
 * @param keep - So many of the newest are stored.
 */
export function someEvents(keep?: number) {
  const store = new MemoryEventStore(keep)
  const journal = new Journal(store, 0, () => undefined)
  const about = { event: 'dhcp.ack.sent', mac: null, network: null, fields: {} }
  return {
    events: mergedEvents(eventService(journal, store), null),
    add: (entry: Partial<JournalEntry> = {}) =>
      journal.record({ atMs: NOW_MS, ...about, ...entry }),
  }
}
