import { join } from 'node:path'
import { SqliteConversionStore } from '../../src/adapters/sqlite/conversion-store.ts'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.ts'
import { SqliteInventoryStore } from '../../src/adapters/sqlite/inventory-store.ts'
import { SqliteLeaseStore } from '../../src/adapters/sqlite/lease-store.ts'
import { SqliteRegistrationStore } from '../../src/adapters/sqlite/registration-store.ts'
import { SqliteRolloutStore } from '../../src/adapters/sqlite/rollout-store.ts'
import { SqliteSeenStore } from '../../src/adapters/sqlite/seen-store.ts'
import { SqliteSharedDocuments } from '../../src/adapters/sqlite/shared-document-store.ts'
import { SharedMarks } from '../../src/adapters/sqlite/shared-marks.ts'
import { SqliteTokenStore } from '../../src/adapters/sqlite/token-store.ts'
import { SqliteWebhookStore } from '../../src/adapters/sqlite/webhook-store.ts'
import type { RegistrationStore } from '../../src/call-control/registration.ts'
import type { ConversionStore } from '../../src/conversion/conversion.ts'
import type { RolloutStore } from '../../src/conversion/rollout.ts'
import type { SeenStore } from '../../src/conversion/seen-table.ts'
import type { InventoryStore } from '../../src/inventory/inventory-store.ts'
import { RetryingLeaseStore } from '../../src/leases/retrying-lease-store.ts'
import type { TokenStore } from '../../src/services/access/tokens.ts'
import type { EventHistory } from '../../src/services/api/events.ts'
import type { EventStore } from '../../src/services/events/journal.ts'
import type { WebhookStore } from '../../src/services/webhooks/webhook.ts'

/** The database's name in its folder. */
export const DATABASE_FILE = 'switchhook.db'

/** Where an appliance keeps what it knows, as far as the assembly asks for it. */
export type KeptData = {
  readonly database: Pick<Database, 'file' | 'fault' | 'close'>
  readonly leases: RetryingLeaseStore
  readonly inventory: InventoryStore
  readonly conversions: ConversionStore
  readonly rollouts: RolloutStore
  readonly registrations: RegistrationStore
  readonly seen: SeenStore
  readonly tokens: TokenStore
  readonly webhooks: WebhookStore
  readonly events: EventStore & EventHistory & { readonly newestId: number }
  readonly marks: Pick<SharedMarks, 'get' | 'set'>
}

/** The database of a data folder and what is kept in it. */
export type OpenData = {
  readonly database: Database
  readonly leases: RetryingLeaseStore
  readonly inventory: SqliteInventoryStore
  readonly conversions: SqliteConversionStore
  readonly rollouts: SqliteRolloutStore
  readonly registrations: SqliteRegistrationStore
  readonly seen: SqliteSeenStore
  readonly tokens: SqliteTokenStore
  readonly webhooks: SqliteWebhookStore
  readonly events: SqliteEventStore
  readonly marks: SharedMarks
  readonly documents: SqliteSharedDocuments
}

/**
 * Opens, or makes, `switchhook.db` in the data folder.
 *
 * @param onFailure - The database thread has ended by itself: nothing can be stored any more.
 */
export async function openData(
  dataDir: string,
  onFailure: (error: unknown) => void,
): Promise<OpenData> {
  const database = await Database.open(join(dataDir, DATABASE_FILE), { onFailure })
  const events = await orClose(database, SqliteEventStore.open(database))
  return {
    database,
    leases: new RetryingLeaseStore(new SqliteLeaseStore(database)),
    inventory: new SqliteInventoryStore(database),
    conversions: new SqliteConversionStore(database),
    rollouts: new SqliteRolloutStore(database),
    registrations: new SqliteRegistrationStore(database),
    seen: new SqliteSeenStore(database),
    tokens: new SqliteTokenStore(database),
    webhooks: new SqliteWebhookStore(database),
    events,
    marks: new SharedMarks(database),
    documents: new SqliteSharedDocuments(database),
  }
}

/** Closes the database if the work fails, and fails with it: its thread would keep the process. */
export async function orClose<Result>(database: Database, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (fault) {
    await database.close().catch(() => {})
    throw fault
  }
}
