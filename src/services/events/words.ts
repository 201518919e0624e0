import { printable } from '../printable.ts'
import { changeWords } from './change-words.ts'
import { entryOf, fillSentence } from './event-catalogue.ts'
import type { RecordedEvent } from './journal.ts'

/**
 * What an event means to an operator, in a sentence that a terminal may show: names of files come
 * from phones. An event that is not in the table keeps its name.
 */
export function inWords({ event, fields }: RecordedEvent): string {
  const entry = entryOf(event)
  if (entry === undefined) return event
  const shown = event === 'audit.change' ? { ...fields, action: changeWords(fields) } : fields
  return printable(fillSentence(entry, shown))
}
