import type { Migration } from '../migrate.ts'

/** Version 2: the inventory that all appliances share, with the bytes of its files. */
export const inventory: Migration = {
  version: 2,
  oldestProgram: 2,
  sql: `
    -- One row. Who changes the inventory raises the version that it has read, or is behind.
    CREATE TABLE inventory_version (
      one     boolean PRIMARY KEY DEFAULT true CHECK (one),
      version bigint NOT NULL,
      -- Entries that were deleted at this version or before may be missing from inventory_change.
      trimmed bigint NOT NULL
    );
    INSERT INTO inventory_version (version, trimmed) VALUES (0, 0);

    -- The version at which an entry was last changed or deleted.
    CREATE TABLE inventory_change (
      kind    text   NOT NULL,
      key     text   NOT NULL,
      version bigint NOT NULL,
      deleted boolean NOT NULL,
      PRIMARY KEY (kind, key)
    );
    CREATE INDEX inventory_change_by_version ON inventory_change (version);

    CREATE TABLE phone (
      mac      text PRIMARY KEY,
      document json NOT NULL,
      -- A second lock: two phones never have one fixed address.
      address  bigint UNIQUE DEFERRABLE INITIALLY DEFERRED
    );

    CREATE TABLE profile (
      name     text PRIMARY KEY,
      document json NOT NULL
    );

    -- One row a file, 32 MiB at most. EXTERNAL: firmware does not compress.
    CREATE TABLE blob (
      sha256  text  PRIMARY KEY,
      content bytea NOT NULL
    );
    ALTER TABLE blob ALTER COLUMN content SET STORAGE EXTERNAL;

    CREATE TABLE firmware (
      load     text PRIMARY KEY,
      document json NOT NULL
    );

    CREATE TABLE shared_file (
      name     text PRIMARY KEY,
      document json NOT NULL
    );

    -- Which entries need which bytes: bytes that nobody needs are deleted.
    CREATE TABLE blob_use (
      kind   text NOT NULL,
      key    text NOT NULL,
      sha256 text NOT NULL REFERENCES blob (sha256),
      PRIMARY KEY (kind, key, sha256)
    );
    CREATE INDEX blob_use_by_blob ON blob_use (sha256);
  `,
}
