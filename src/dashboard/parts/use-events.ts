import { useEffect, useState } from 'preact/hooks'
import {
  type EventFilter,
  eventsPath,
  fitsFilter,
  joinEvents,
  keyOfEvent,
  refilled,
} from '../data/event-query.ts'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import type { Problem, SaidEvent } from '../data/types.ts'

/** So many are read at first, and with each press more. */
const READ_EVENTS = 200

/** More would make the page slow; `switchhook log` has them. */
const MOST_KEPT = 5_000

/** Without a stream the newest are asked for so often. */
const POLL_MS = 5_000

type EventPage = { readonly events: readonly SaidEvent[] }

/** Events as they are read, oldest first. */
export type FollowedEvents = {
  readonly events: readonly SaidEvent[] | null
  readonly problem: Problem | null
  /** Reads what was before; null where nothing is. */
  readonly older: (() => void) | null
}

/** Reads the newest events of a filter, and goes on with those of the stream. */
export function useEvents(store: PageStore, filter: EventFilter): FollowedEvents {
  const [events, setEvents] = useState<readonly SaidEvent[] | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isAll, setIsAll] = useState(true)
  const read = async (before: SaidEvent | null) =>
    (await store.api.get<EventPage>(eventsPath(filter, READ_EVENTS, before))).events
  const join = (before: readonly SaidEvent[], after: readonly SaidEvent[]) =>
    joinEvents(before, after).slice(-MOST_KEPT)
  useEffect(() => {
    let isOver = false
    setEvents(null)
    setProblem(null)
    const begin = (page: readonly SaidEvent[]) => {
      setEvents((heard) => join(page, heard ?? []))
      setIsAll(page.length < READ_EVENTS)
    }
    read(null).then(
      (page) => isOver || begin(page),
      (error: unknown) => isOver || setProblem(problemOf(error)),
    )
    const refill = () => {
      read(null).then(
        (page) => {
          if (isOver) return
          setEvents((known) => refilled(known ?? [], page))
          setIsAll(page.length < READ_EVENTS)
        },
        () => undefined,
      )
    }
    const silence = store.hearEvents({
      onEvent: (event) => {
        if (fitsFilter(event, filter)) setEvents((known) => join(known ?? [], [event]))
      },
      onGap: refill,
    })
    const timer = setInterval(() => {
      if (store.state.connection === 'live' || document.hidden) return
      // That the appliance does not answer is said at the top.
      read(null).then(
        (page) => isOver || setEvents((known) => join(known ?? [], page)),
        () => undefined,
      )
    }, POLL_MS)
    return () => {
      isOver = true
      silence()
      clearInterval(timer)
    }
  }, [store, filter.about, filter.kind, filter.isWarningsOnly])
  const first = events?.[0]
  const older = () => {
    if (first === undefined) return
    setProblem(null)
    read(first).then(
      (page) => {
        const known = new Set((events ?? []).map(keyOfEvent))
        const before = page.filter((event) => !known.has(keyOfEvent(event)))
        setEvents((now) => join(before, now ?? []))
        setIsAll(before.length === 0)
      },
      (error: unknown) => setProblem(problemOf(error)),
    )
  }
  return { events, problem, older: isAll || first === undefined ? null : older }
}
