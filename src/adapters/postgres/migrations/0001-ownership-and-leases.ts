import type { Migration } from '../migrate.ts'

/** Version 1: who serves which network, and the leases of networks that are shared. */
export const ownershipAndLeases: Migration = {
  version: 1,
  oldestProgram: 1,
  sql: `
    CREATE TABLE appliance (
      site     text   NOT NULL,
      name     text   NOT NULL,
      -- Drawn at each start: two processes of one name are told apart by it.
      run      uuid   NOT NULL,
      version  text   NOT NULL,
      beat     bigint NOT NULL,
      seen_at  timestamptz NOT NULL,
      PRIMARY KEY (site, name)
    );

    -- Which appliances serve a network, and whether they could do so now.
    CREATE TABLE network_member (
      network  text    NOT NULL,
      site     text    NOT NULL,
      name     text    NOT NULL,
      address  text    NOT NULL,
      -- Why it could not serve now; null if it could.
      unfit    text,
      PRIMARY KEY (network, site, name),
      FOREIGN KEY (site, name) REFERENCES appliance (site, name) ON DELETE CASCADE
    );

    -- The beat changes often: it has no index, and room on its page for new row versions.
    CREATE TABLE network_owner (
      network  text    PRIMARY KEY,
      -- A digest of subnet, pools and reservations: who differs must not serve the network.
      shape    text    NOT NULL,
      owner    text,
      token    uuid    NOT NULL,
      beat     bigint  NOT NULL,
      unclean  boolean NOT NULL,
      wanted   text
    ) WITH (fillfactor = 50);

    -- No other index: a renewal is a HOT update.
    CREATE TABLE lease (
      network      text        NOT NULL,
      address      bigint      NOT NULL,
      client       text        NOT NULL,
      mac          text,
      state        text        NOT NULL,
      granted_at   timestamptz NOT NULL,
      -- 'infinity' for a lease without an end.
      expires_at   timestamptz NOT NULL,
      -- Others get the address no earlier (rule R1); null where nothing holds it back.
      kept_until   timestamptz,
      vendor_class text        NOT NULL,
      host_name    text        NOT NULL,
      relay_agent  text        NOT NULL,
      PRIMARY KEY (network, address)
    ) WITH (fillfactor = 85);
  `,
}
