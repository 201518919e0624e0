import type { Migration } from '../migrate.ts'

/** Version 2: roll-outs, each with its phones in one document. */
export const rollouts: Migration = {
  version: 2,
  sql: `
    CREATE TABLE rollouts (
      id       TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
  `,
}
