import type { Migration } from '../migrate.ts'
import { ownershipAndLeases } from './0001-ownership-and-leases.ts'
import { inventory } from './0002-inventory.ts'
import { documentsAndEvents } from './0003-documents-and-events.ts'
import { eventIndexes } from './0004-event-indexes.ts'
import { origin } from './0005-origin.ts'

/** Every change to the tables since the first version, in order. Released ones are never edited. */
export const MIGRATIONS: readonly Migration[] = [
  ownershipAndLeases,
  inventory,
  documentsAndEvents,
  eventIndexes,
  origin,
]
