import type { Migration } from '../migrate.ts'

/**
 * Version 6: what a machine keeps of the data that several appliances share in PostgreSQL, so that it
 * starts and serves while the database is away.
 */
export const shared: Migration = {
  version: 6,
  sql: `
    -- How far something shared has been read: the version of the inventory, the last event of another.
    CREATE TABLE shared_marks (
      name  TEXT PRIMARY KEY NOT NULL,
      value INTEGER NOT NULL
    ) STRICT;

    -- Documents of conversions, roll-outs and the like, beside the tables that hold them here.
    CREATE TABLE shared_documents (
      kind      TEXT NOT NULL,
      key       TEXT NOT NULL,
      -- The version in PostgreSQL that this one is, or was made from; 0: not there yet.
      version   INTEGER NOT NULL,
      -- The appliance that goes on with it.
      driver    TEXT,
      -- 1: changed here and not in PostgreSQL yet.
      is_unsent INTEGER NOT NULL,
      PRIMARY KEY (kind, key)
    ) STRICT;

    -- The appliance on which it happened; null: this one.
    ALTER TABLE events ADD COLUMN appliance TEXT;
  `,
}
