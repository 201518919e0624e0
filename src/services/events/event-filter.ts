import type { Mac } from '../../net/mac.ts'
import { EVENTS, type EventLevel, entryOf } from './event-catalogue.ts'

/** Which events are wanted; what is left out does not restrict. */
export type EventFilter = {
  readonly mac?: Mac
  readonly network?: string
  /** The beginning of their names, such as `conversion.`. */
  readonly prefix?: string
  /** Of this level or a higher one. */
  readonly level?: EventLevel
  /** From this moment on, in milliseconds since the epoch. */
  readonly sinceMs?: number
  /** Before this moment. */
  readonly untilMs?: number
}

/** The same for stored events: a level is the names of its events there. */
export type StoredEventFilter = Omit<EventFilter, 'level'> & {
  /** Only events of these names. */
  readonly names?: readonly string[]
}

/** What of a recorded event a filter looks at. */
type Filtered = {
  readonly atMs: number
  readonly event: string
  readonly mac: Mac | null
  readonly network: string | null
}

/** The same filter for stored events. */
export function storedFilter<Filter extends EventFilter>({
  level,
  ...filter
}: Filter): Omit<Filter, 'level'> & Pick<StoredEventFilter, 'names'> {
  const names = namesOfLevel(level)
  return names === undefined ? filter : { ...filter, names }
}

/** The end of all names that begin with a prefix: after every one, in the order of code points. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`
}

/** Levels of events, the lowest first. */
export const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const satisfies EventLevel[]

/** Whether an event is wanted. */
export function isWanted(event: Filtered, filter: EventFilter): boolean {
  const { mac, network, prefix, level, sinceMs, untilMs } = filter
  return (
    (mac === undefined || event.mac === mac) &&
    (network === undefined || event.network === network) &&
    (prefix === undefined || event.event.startsWith(prefix)) &&
    (level === undefined || rankOf(event.event) >= LEVELS.indexOf(level)) &&
    (sinceMs === undefined || event.atMs >= sinceMs) &&
    (untilMs === undefined || event.atMs < untilMs)
  )
}

/** Names of the events of a level or a higher one; undefined where every event is. */
function namesOfLevel(level: EventLevel | undefined): readonly string[] | undefined {
  if (level === undefined || level === 'debug') return undefined
  return Object.keys(EVENTS).filter((name) => rankOf(name) >= LEVELS.indexOf(level))
}

/** An event without an entry, of an earlier version, counts as `debug`. */
function rankOf(name: string): number {
  return LEVELS.indexOf(entryOf(name)?.level ?? 'debug')
}
