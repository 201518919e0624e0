import type { Logger } from 'pino'

/** So many lines tell what kind of fault it is; a damaged database may have as many as it has rows. */
const LINES = 20

/** Logs rows of the database that made no sense and were ignored; the rest of many as a number. */
export function logIgnoredRows(log: Logger, faults: readonly string[]): void {
  for (const fault of faults.slice(0, LINES)) log.warn({ event: 'database.row.ignored', fault })
  const more = faults.length - LINES
  if (more > 0) log.warn({ event: 'database.row.ignored', fault: `and ${more} more rows` })
}
