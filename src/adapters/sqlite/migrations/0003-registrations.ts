import type { Migration } from '../migrate.ts'

/** Version 3: which phones are registered with this appliance. */
export const registrations: Migration = {
  version: 3,
  sql: `
    CREATE TABLE registrations (
      mac      TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
  `,
}
