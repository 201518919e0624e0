import type { Mac } from '../../net/mac.ts'
import { type EventFilter, isWanted, storedFilter } from '../events/event-filter.ts'
import type { EventOfAppliance, PlaceInEvents, SharedEvents } from '../events/shared-events.ts'
import type {
  EventPage,
  EventPlace,
  EventQuery,
  EventRange,
  EventService,
  RecordedEvent,
} from '../services.ts'
import type { LocalEvents } from './events.ts'

/** The events of the other appliances. */
export type OtherEvents = Pick<
  SharedEvents,
  'here' | 'ranges' | 'subscribe' | 'list' | 'recent' | 'placesBefore'
>

/**
 * The events of this appliance and of the others in one list: by time, appliance and id, and those of
 * one appliance always in the order of their ids. Each has its own place in a cursor.
 *
 * @param others - Null: there are none.
 */
export function mergedEvents(local: LocalEvents, others: OtherEvents | null): EventService {
  const here = others?.here ?? ''
  const ranges = () =>
    new Map<string, EventRange>([...(others?.ranges() ?? []), [here, local.range()]])
  const placed = async (place: EventPlace): Promise<EventPlace> => {
    const own = place.get(here) ?? 0
    const known = [...(others?.ranges().keys() ?? [])]
    if (others === null || known.every((name) => place.has(name))) {
      return new Map([...place, [here, own]])
    }
    const found = await placesOfOthers(own, { local, others })
    return new Map([[here, own], ...found.map(placeEntry), ...place])
  }
  const page = async (query: EventQuery): Promise<EventPage> => {
    const place = query.after === undefined ? undefined : await placed(query.after)
    const own = local.list(localQuery(query, place?.get(here)))
    if (others === null) return { events: await own, isPartial: false }
    const [ours, theirs] = await Promise.all([own, others.list(queryOfOthers(query, place))])
    const all = merge([
      ...ours.map((event) => ({ ...event, appliance: here })),
      ...(theirs ?? []).map(numbered),
    ])
    const events = place === undefined ? all.slice(-query.limit) : all.slice(0, query.limit)
    return { events, isPartial: theirs === null }
  }
  return {
    here,
    ...followed(local, others, placed),
    list: async (query) => (await page(query)).events,
    page,
    placed,
    ranges,
    subscribe(listener) {
      const leave = [local.subscribe(listener), others?.subscribe(listener)]
      return () => {
        for (const one of leave) one?.()
      }
    },
  }
}

type Following = EventQuery & { readonly after: EventPlace }

/** What followers ask. */
function followed(
  local: LocalEvents,
  others: OtherEvents | null,
  placed: (place: EventPlace) => Promise<EventPlace>,
): Pick<EventService, 'recent' | 'elsewhere'> {
  const here = others?.here ?? ''
  return {
    async recent({ after, limit, ...filter }) {
      const own = await local.list({ ...filter, after: after.get(here) ?? 0, limit })
      if (others === null) return { events: own, behind: [] }
      const { theirs, behind } = heldOf(others, after, filter)
      const all = merge([...own.map((event) => ({ ...event, appliance: here })), ...theirs])
      return { events: all.slice(0, limit), behind }
    },
    async elsewhere({ after, limit, ...filter }: Following, appliances) {
      if (others === null) return null
      const ranges = others.ranges()
      const from = await placed(after)
      const of = appliances.flatMap((appliance) => {
        const id = from.get(appliance)
        return id === undefined ? [] : [{ appliance, id }]
      })
      if (of.length === 0) return null
      const query = { ...storedFilter(filter), of, isNewest: false, limit }
      const found = await others.list(query)
      if (found === null) return null
      const events = merge(found.map(numbered))
      return { events, place: placeOfAll(of, events, { limit, ranges }) }
    },
  }
}

/** What the others have recorded after a place, as far as it is held here. */
function heldOf(others: OtherEvents, after: EventPlace, filter: EventFilter) {
  const behind: string[] = []
  const theirs: Numbered[] = []
  for (const { appliance, newest } of others.ranges().values()) {
    const id = after.get(appliance) ?? -1
    const found = id >= newest ? [] : others.recent(appliance, id)
    if (found === null) behind.push(appliance)
    else theirs.push(...found.map(numbered).filter((event) => isWanted(event, filter)))
  }
  return { theirs, behind }
}

/**
 * The place after these events of some appliances; after all that was known, where no more of them are
 * wanted.
 */
function placeOfAll(
  of: readonly PlaceInEvents[],
  events: readonly Numbered[],
  { limit, ranges }: { readonly limit: number; readonly ranges: ReadonlyMap<string, EventRange> },
): EventPlace {
  return new Map(
    of.map(({ appliance, id }) => {
      const found = events.filter((event) => event.appliance === appliance)
      const last = found.at(-1)?.id ?? id
      const end = found.length < limit ? (ranges.get(appliance)?.newest ?? 0) : 0
      return [appliance, Math.max(last, end)]
    }),
  )
}

function numbered(event: EventOfAppliance): Numbered {
  return { ...event, mac: event.mac as Mac | null }
}

/**
 * Where appliances begin that a cursor does not name: with the moment of our own event. So a number
 * alone means that event, and what came after it everywhere.
 */
async function placesOfOthers(
  own: number,
  { local, others }: { readonly local: LocalEvents; readonly others: OtherEvents },
): Promise<readonly PlaceInEvents[]> {
  const known = [...others.ranges().values()]
  if (own === 0) return known.map(({ appliance }) => ({ appliance, id: 0 }))
  const [at] = await local.list({ after: own - 1, limit: 1 })
  if (at === undefined) return known.map(({ appliance, newest }) => ({ appliance, id: newest }))
  return others.placesBefore(at.atMs)
}

function localQuery({ after: _after, ...rest }: EventQuery, after: number | undefined) {
  return after === undefined ? rest : { ...rest, after }
}

function queryOfOthers({ after: _after, ...wanted }: EventQuery, place: EventPlace | undefined) {
  const of = place === undefined ? {} : { of: Array.from(place, placeOfEntry) }
  return { ...storedFilter(wanted), ...of, isNewest: place === undefined }
}

function placeEntry({ appliance, id }: PlaceInEvents): [string, number] {
  return [appliance, id]
}

function placeOfEntry([appliance, id]: readonly [string, number]): PlaceInEvents {
  return { appliance, id }
}

type Numbered = RecordedEvent & { readonly appliance: string }

/** @param events - Those of one appliance by id. */
function merge(events: readonly Numbered[]): readonly Numbered[] {
  const newest = new Map<string, number>()
  const timed = events.map((event) => {
    const { appliance, atMs } = event
    // An event that was recorded a moment late stays after those that have lower numbers.
    const sortMs = Math.max(atMs, newest.get(appliance) ?? atMs)
    newest.set(appliance, sortMs)
    return { event, sortMs }
  })
  timed.sort((a, b) => a.sortMs - b.sortMs || order(a.event.appliance, b.event.appliance))
  return timed.map(({ event }) => event)
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
