import type { Migration } from '../migrate.ts'

/** Version 4: what each phone was seen to run. */
export const seen: Migration = {
  version: 4,
  sql: `
    CREATE TABLE seen (
      mac      TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
  `,
}
