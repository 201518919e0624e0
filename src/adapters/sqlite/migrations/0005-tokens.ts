import type { Migration } from '../migrate.ts'

/** Version 5: named tokens of the API, by their digests. */
export const tokens: Migration = {
  version: 5,
  sql: `
    CREATE TABLE tokens (
      name     TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
  `,
}
