import { formatDate } from './format.ts'

/** Things of one day. */
export type Day<Thing> = { readonly day: string; readonly of: readonly Thing[] }

/** Neighbours of one day together, in their order. */
export function byDay<Thing extends { readonly at: string }>(
  things: readonly Thing[],
): readonly Day<Thing>[] {
  const days: { readonly day: string; readonly of: Thing[] }[] = []
  for (const thing of things) {
    const day = formatDate(thing.at)
    const last = days.at(-1)
    if (last?.day === day) last.of.push(thing)
    else days.push({ day, of: [thing] })
  }
  return days
}
