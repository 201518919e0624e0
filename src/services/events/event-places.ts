import type { EventPlace, EventService, RecordedEvent } from '../services.ts'
import type { EventFilter } from './event-filter.ts'

/** The same place, moved to after these events. */
export function placeAfter(
  place: EventPlace,
  events: readonly { readonly appliance?: string; readonly id: number }[],
): EventPlace {
  const moved = new Map(place)
  for (const { appliance = '', id } of events) {
    moved.set(appliance, Math.max(moved.get(appliance) ?? 0, id))
  }
  return moved
}

/** Events that are read at once. */
const PAGE = 2_000

/** All events that are kept of a kind, oldest first, a page at a time. */
export async function* allEvents(
  events: Pick<EventService, 'here' | 'list'>,
  filter: EventFilter,
): AsyncGenerator<readonly RecordedEvent[], void> {
  let place: EventPlace = new Map([[events.here, 0]])
  for (let hasMore = true; hasMore; ) {
    const page = await events.list({ ...filter, after: place, limit: PAGE })
    if (page.length > 0) yield page
    hasMore = page.length >= PAGE
    place = placeAfter(place, page)
  }
}
