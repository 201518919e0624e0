import type { Migration } from '../migrate.ts'

/** Version 3: conversions, roll-outs and what else goes on, and the events of all appliances. */
export const documentsAndEvents: Migration = {
  version: 3,
  oldestProgram: 2,
  sql: `
    CREATE TABLE document (
      kind     text   NOT NULL,
      key      text   NOT NULL,
      -- Counts changes from 1: who writes names the one that it has read, or writes nothing.
      version  bigint NOT NULL,
      -- The appliance that goes on with it.
      driver   text   NOT NULL,
      -- Null: it is deleted. The row stays, so that nobody brings an old one back.
      document json,
      PRIMARY KEY (kind, key)
    );

    -- Each appliance numbers its own events.
    CREATE TABLE event (
      appliance text   NOT NULL,
      id        bigint NOT NULL,
      at_ms     bigint NOT NULL,
      event     text   NOT NULL,
      mac       text,
      network   text,
      fields    json   NOT NULL,
      PRIMARY KEY (appliance, id)
    );
  `,
}
