import { printable } from '../printable.ts'
import { entryOf, fillSentence } from './event-catalogue.ts'
import type { RecordedEvent } from './journal.ts'

/**
 * What an event means to an operator, in a sentence that a terminal may show: names of files come
 * from phones. An event that is not in the table keeps its name.
 */
export function inWords({ event, fields }: RecordedEvent): string {
  const entry = entryOf(event)
  return entry === undefined ? event : printable(fillSentence(entry, fields))
}
