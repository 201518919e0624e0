import { SW_A, SW_B } from './places.ts'

/**
 * What PostgreSQL itself saw of the leases: tables and triggers that the harness adds, and nobody
 * else. Each write is noted in its own transaction with who wrote it and who owned the network at
 * that moment; `track_commit_timestamp` tells when it counted.
 *
 * `hold` makes commits of one appliance slow: the wait stands in a deferred trigger, so behind
 * `statement_timeout` and in front of the commit record, with all locks held.
 */
export const WRITE_LOG = `
  CREATE SCHEMA harness;
  CREATE TABLE harness.lease_write (
    at bigserial PRIMARY KEY, xid xid NOT NULL, writer text, owner text, token uuid,
    address bigint NOT NULL, client text, state text, expires_at timestamptz);
  CREATE TABLE harness.takeover (
    at bigserial PRIMARY KEY, xid xid NOT NULL, former uuid, token uuid NOT NULL, owner text,
    wanted text);
  CREATE TABLE harness.hold (writer text PRIMARY KEY, seconds float8 NOT NULL);

  CREATE FUNCTION harness.note_lease() RETURNS trigger LANGUAGE plpgsql AS $f$
  DECLARE row_of switchhook.lease := coalesce(NEW, OLD);
  BEGIN
    INSERT INTO harness.lease_write
      (xid, writer, owner, token, address, client, state, expires_at)
    SELECT pg_current_xact_id()::xid, host(inet_client_addr()), owner, token, row_of.address,
      NEW.client, NEW.state, NEW.expires_at
    FROM switchhook.network_owner WHERE network = row_of.network;
    RETURN NULL;
  END $f$;
  CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON switchhook.lease
    FOR EACH ROW EXECUTE FUNCTION harness.note_lease();

  CREATE FUNCTION harness.note_takeover() RETURNS trigger LANGUAGE plpgsql AS $f$
  BEGIN
    INSERT INTO harness.takeover (xid, former, token, owner, wanted) VALUES (
      pg_current_xact_id()::xid, CASE TG_OP WHEN 'UPDATE' THEN OLD.token END, NEW.token, NEW.owner,
      NEW.wanted);
    RETURN NULL;
  END $f$;
  CREATE TRIGGER note AFTER INSERT OR UPDATE OF token, owner, wanted ON switchhook.network_owner
    FOR EACH ROW EXECUTE FUNCTION harness.note_takeover();

  CREATE FUNCTION harness.hold_commit() RETURNS trigger LANGUAGE plpgsql AS $f$
  DECLARE wait float8;
  BEGIN
    IF current_setting('harness.held', true) = pg_current_xact_id()::text THEN RETURN NULL; END IF;
    PERFORM set_config('harness.held', pg_current_xact_id()::text, true);
    SELECT seconds INTO wait FROM harness.hold WHERE writer = host(inet_client_addr());
    IF wait IS NOT NULL THEN PERFORM pg_sleep(wait); END IF;
    RETURN NULL;
  END $f$;
  CREATE CONSTRAINT TRIGGER hold AFTER INSERT OR UPDATE ON switchhook.lease
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION harness.hold_commit();
`

const ADDRESS_OF_OWNER = [SW_A, SW_B]
  .map(({ name, databaseAddress }) => `WHEN '${name}' THEN '${databaseAddress}'`)
  .join(' ')

/**
 * Writes that should not be: by somebody who was not the owner when it wrote, or that counted after
 * the token they were made under had been replaced.
 */
export const LATE_WRITES = `
  WITH replaced AS (
    SELECT former AS token, min(pg_xact_commit_timestamp(xid)) AS replaced FROM harness.takeover
    WHERE token <> former GROUP BY former)
  SELECT w.at, w.writer, w.owner, w.token::text AS token,
    pg_xact_commit_timestamp(w.xid) AS written, r.replaced
  FROM harness.lease_write w LEFT JOIN replaced r ON r.token = w.token
  WHERE w.writer <> CASE w.owner ${ADDRESS_OF_OWNER} END
    OR pg_xact_commit_timestamp(w.xid) > r.replaced
  ORDER BY w.at LIMIT 200`

/** What became of the network after `$1`, in milliseconds since the epoch, in order. */
export const OWNERSHIP_STEPS = `
  SELECT owner, wanted, token IS DISTINCT FROM former AS taken,
    extract(epoch FROM pg_xact_commit_timestamp(xid))::float8 * 1000 AS at
  FROM harness.takeover
  WHERE pg_xact_commit_timestamp(xid) > to_timestamp($1::float8 / 1000)
  ORDER BY at`

/** When the lease of `$1` ends that was stored last for `$2` before `$3`, in milliseconds since the epoch. */
export const STORED_UNTIL = `
  SELECT extract(epoch FROM expires_at)::float8 * 1000 AS until FROM harness.lease_write
  WHERE address = $1 AND lower(client) = $2 AND state = 'bound'
    AND pg_xact_commit_timestamp(xid) <= to_timestamp($3::float8 / 1000)
  ORDER BY at DESC LIMIT 1`
