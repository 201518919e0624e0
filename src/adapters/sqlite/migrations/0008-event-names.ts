import type { Migration } from '../migrate.ts'

/** Version 8: a rare event is found by its name without reading all others. */
export const eventNames: Migration = {
  version: 8,
  sql: 'CREATE INDEX events_by_name ON events (event, id)',
}
