import type { Migration } from '../migrate.ts'

/** Version 7: webhooks, each with the place in the journal that it has come to. */
export const webhooks: Migration = {
  version: 7,
  sql: `
    CREATE TABLE webhooks (
      id       TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
  `,
}
