import type { Migration } from '../migrate.ts'

/** Version 4: the events of a phone, and rare ones by their name, are found without reading all others. */
export const eventIndexes: Migration = {
  version: 4,
  oldestProgram: 2,
  sql: `
    CREATE INDEX event_by_mac ON event (mac, appliance, id) WHERE mac IS NOT NULL;
    CREATE INDEX event_by_name ON event (appliance, event COLLATE "C", id);
  `,
}
