import type { Migration } from '../migrate.ts'
import { firstTables } from './0001-first-tables.ts'
import { rollouts } from './0002-rollouts.ts'
import { registrations } from './0003-registrations.ts'
import { seen } from './0004-seen.ts'
import { tokens } from './0005-tokens.ts'
import { shared } from './0006-shared.ts'
import { webhooks } from './0007-webhooks.ts'
import { eventNames } from './0008-event-names.ts'

/**
 * Every change to the tables since the first version, in order. Released ones are never edited:
 * a change is a new file and a new row here.
 *
 * They are modules and not .sql files so that the compiler carries them into the build: an image
 * cannot be made without them.
 */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  rollouts,
  registrations,
  seen,
  tokens,
  shared,
  webhooks,
  eventNames,
]
