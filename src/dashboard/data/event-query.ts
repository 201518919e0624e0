import type { SaidEvent } from './types.ts'

/** Which events are shown. */
export type EventFilter = {
  /** A phone by its MAC address, or a network by its name; empty: all. */
  readonly about: string
  /** The first part of the event's name; empty: all. */
  readonly kind: string
  readonly isWarningsOnly: boolean
}

/**
 * The path that lists the newest events of a filter.
 *
 * @param before - Only what is no later than this event; null: all.
 */
export function eventsPath(filter: EventFilter, limit: number, before: SaidEvent | null): string {
  const { about, kind, isWarningsOnly } = filter
  const mac = macIn(about)
  const query = new URLSearchParams({ limit: String(limit) })
  if (mac !== null) query.set('mac', mac)
  else if (about !== '') query.set('network', about)
  if (kind !== '') query.set('event', `${kind}.`)
  if (isWarningsOnly) query.set('level', 'warn')
  // Several events may have one moment: those that are known already are left out by their ids.
  if (before !== null) query.set('until', new Date(Date.parse(before.at) + 1).toISOString())
  return `/v1/events?${query}`
}

/** A MAC address in any notation as twelve digits; null where it is none. */
export function macIn(text: string): string | null {
  const digits = text.replace(/[:.\s-]/g, '').toUpperCase()
  return /^[0-9A-F]{12}$/.test(digits) ? digits : null
}

/** Whether an event is a warning, or worse. */
export function isWarning({ level }: SaidEvent): boolean {
  return level === 'warn' || level === 'error' || level === 'fatal'
}

/** Whether an event of the stream is among those that are shown. */
export function fitsFilter(
  event: SaidEvent,
  { about, kind, isWarningsOnly }: EventFilter,
): boolean {
  if (isWarningsOnly && !isWarning(event)) return false
  if (kind !== '' && !event.event.startsWith(`${kind}.`)) return false
  if (about === '') return true
  const mac = macIn(about)
  return mac === null ? event.network === about : event.mac === mac
}

/** Both by time, each event once. What an appliance elsewhere has recorded may come late. */
export function joinEvents(
  before: readonly SaidEvent[],
  after: readonly SaidEvent[],
): readonly SaidEvent[] {
  const known = new Set(before.map(keyOfEvent))
  const news = after.filter((event) => !known.has(keyOfEvent(event)))
  const last = before.at(-1)
  const joined = [...before, ...news]
  const isLate = last !== undefined && news.some(({ at }) => at < last.at)
  return isLate ? joined.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)) : joined
}

/**
 * The newest events as they were read once more, because the stream has left some out, and those that
 * came meanwhile. Older ones are left away: between them and these others may be missing.
 */
export function refilled(
  known: readonly SaidEvent[],
  page: readonly SaidEvent[],
): readonly SaidEvent[] {
  const last = page.at(-1)
  if (last === undefined) return known
  return joinEvents(
    page,
    known.filter(({ at }) => at >= last.at),
  )
}

/** What an event is told apart by: each appliance numbers its own. */
export function keyOfEvent({ id, site = '', appliance = '' }: SaidEvent): string {
  return `${site}/${appliance}:${id}`
}
