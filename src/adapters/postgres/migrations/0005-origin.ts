import type { Migration } from '../migrate.ts'

/** Version 5: an inventory is told from another one that was begun in its place. */
export const origin: Migration = {
  version: 5,
  oldestProgram: 2,
  sql: `
    -- Drawn once, and kept by backups: a schema that was dropped and made again has another one.
    ALTER TABLE inventory_version
      ADD COLUMN origin bigint NOT NULL DEFAULT floor(random() * 9007199254740991)::bigint;
  `,
}
