import type { Journal } from '../../../src/services/events/journal.ts'
import type { Change } from '../../../src/services/services.ts'

/** Something that can be followed. */
type Followed<Args extends readonly unknown[]> = { subscribe: (...args: Args) => () => void }

/** Counts from now on who follows a service: how many do, and `ever` how many have begun to. */
export function countFollowers<Args extends readonly unknown[]>(service: Followed<Args>) {
  let ever = 0
  const subscribe = service.subscribe.bind(service)
  const following = new Set<object>()
  service.subscribe = (...args) => {
    const one = {}
    ever += 1
    following.add(one)
    const leave = subscribe(...args)
    return () => {
      following.delete(one)
      leave()
    }
  }
  return Object.assign(() => following.size, { ever: () => ever })
}

/** The changes by operators that the journal has. */
export function changesIn(journal: Pick<Journal, 'recent'>): readonly Change[] {
  return journal
    .recent()
    .flatMap(({ event, mac, fields: { sent, ...facts } }) =>
      event === 'audit.change' ? [{ ...facts, mac, fields: sent } as unknown as Change] : [],
    )
}
