import type { Migration } from '../migrate.ts'

/** Version 1: leases, inventory with the bytes of files, conversions, events. */
export const firstTables: Migration = {
  version: 1,
  sql: `
    -- The address is the key: two bindings of one address cannot exist.
    CREATE TABLE leases (
      address       INTEGER PRIMARY KEY,
      scope         TEXT    NOT NULL,
      client        TEXT    NOT NULL,
      mac           TEXT,
      state         TEXT    NOT NULL,
      granted_at_ms INTEGER NOT NULL,
      expires_at_ms INTEGER NOT NULL,
      vendor_class  TEXT    NOT NULL,
      host_name     TEXT    NOT NULL,
      relay_agent   TEXT    NOT NULL
    ) STRICT;

    CREATE TABLE phones (
      mac      TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;

    CREATE TABLE profiles (
      name     TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;

    -- Bytes are kept once, however many sets and files have them.
    CREATE TABLE blobs (
      sha256  TEXT PRIMARY KEY NOT NULL,
      content BLOB NOT NULL
    ) STRICT;

    CREATE TABLE firmware (
      load        TEXT PRIMARY KEY NOT NULL,
      protocol    TEXT NOT NULL,
      loader      TEXT,
      added_at_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE firmware_files (
      load     TEXT    NOT NULL REFERENCES firmware (load) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name     TEXT    NOT NULL,
      bytes    INTEGER NOT NULL,
      sha256   TEXT    NOT NULL REFERENCES blobs (sha256),
      PRIMARY KEY (load, position)
    ) STRICT;
    CREATE INDEX firmware_files_by_blob ON firmware_files (sha256);

    CREATE TABLE shared_files (
      name        TEXT PRIMARY KEY NOT NULL,
      bytes       INTEGER NOT NULL,
      sha256      TEXT    NOT NULL REFERENCES blobs (sha256),
      added_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX shared_files_by_blob ON shared_files (sha256);

    CREATE TABLE conversions (
      mac      TEXT PRIMARY KEY NOT NULL,
      document TEXT NOT NULL
    ) STRICT;

    CREATE TABLE events (
      id      INTEGER PRIMARY KEY,
      at_ms   INTEGER NOT NULL,
      event   TEXT    NOT NULL,
      mac     TEXT,
      network TEXT,
      fields  TEXT    NOT NULL
    ) STRICT;
    CREATE INDEX events_by_mac ON events (mac, id) WHERE mac IS NOT NULL;
  `,
}
