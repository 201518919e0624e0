import { setTimeout as pause } from 'node:timers/promises'
import { parseIpv4 } from '../../src/net/ipv4.ts'
import { keyOf } from '../kills/dhcp-datagram.ts'
import type { Appliance } from './appliance.ts'
import type { Cluster } from './database.ts'
import { judgeLate } from './judge-late.ts'
import { addressesOf, NETWORK, SITE } from './places.ts'
import type { Links } from './site.ts'
import type { Heard } from './vlan.ts'
import { LATE_WRITES, OWNERSHIP_STEPS, STORED_UNTIL } from './write-log.ts'

/** How long healing may take, in milliseconds; generous for a busy machine. */
const SETTLED_WITHIN_MS = 60_000

/** `$2` is the first address, `$3` how many there are; none ends during a run. */
const FILL = `
  INSERT INTO switchhook.lease (network, address, client, mac, state, granted_at, expires_at,
    vendor_class, host_name, relay_agent)
  SELECT $1, $2::bigint + number, 'hw:01020c' || lpad(to_hex(number), 8, '0'),
    '020C' || upper(lpad(to_hex(number), 8, '0')), 'bound', now(), now() + interval '12 hours',
    '', '', ''
  FROM generate_series(0, $3::int - 1) AS number`

/** Everything that faults act upon. */
export class Ground {
  readonly a: Appliance
  readonly b: Appliance
  readonly links: Links
  readonly clusters: readonly Cluster[]
  /** The cluster that takes writes. */
  primary: Cluster
  #lastOwner: Appliance
  /** Those that were told. */
  readonly #lateWrites = new Set<string>()

  constructor(parts: {
    readonly appliances: readonly [Appliance, Appliance]
    readonly links: Links
    readonly clusters: readonly [Cluster, ...Cluster[]]
  }) {
    const [a, b] = parts.appliances
    this.a = a
    this.b = b
    this.links = parts.links
    this.clusters = parts.clusters
    this.primary = parts.clusters[0]
    this.#lastOwner = a
  }

  /** The cluster that follows; undefined where there is one alone. */
  get standby(): Cluster | undefined {
    return this.clusters.find((cluster) => cluster !== this.primary)
  }

  /** The primary is gone for good, and the standby takes its place: as a failover manager does. */
  async failOver(): Promise<void> {
    const former = this.primary
    const next = this.standby
    if (next === undefined) throw new Error('there is no standby')
    await former.stop()
    await next.promote()
    this.primary = next
  }

  /** Gives the network leases of clients that are not here; before anybody serves it. */
  async fill(leases: number): Promise<void> {
    // It makes the tables.
    await this.a.start()
    await this.a.stop()
    const { first } = addressesOf(leases)
    await this.primary.sql(FILL, [`${SITE}/${NETWORK}`, first, leases])
    await this.primary.sql('ANALYZE switchhook.lease')
  }

  /** Makes the cluster that is no primary follow the one that is, and its commits wait for it. */
  async #restoreStandby(): Promise<void> {
    const standby = this.standby
    if (standby === undefined) return
    if (!standby.isRunning) {
      await standby.copy(this.primary)
      await standby.start()
    }
    await this.primary.followed()
  }

  get appliances(): readonly [Appliance, Appliance] {
    return [this.a, this.b]
  }

  other(one: Appliance): Appliance {
    return one === this.a ? this.b : this.a
  }

  /** Who owns the network, by PostgreSQL; null if nobody does, or it cannot be asked. */
  async owner(): Promise<Appliance | null> {
    if (!this.primary.isRunning) return null
    const asked = 'SELECT owner FROM switchhook.network_owner WHERE network = $1'
    const [row] = await this.primary.sql(asked, [`${SITE}/${NETWORK}`]).catch(() => [])
    const owner = this.appliances.find(({ name }) => name === row?.['owner']) ?? null
    if (owner !== null) this.#lastOwner = owner
    return owner
  }

  /** The owner, or who was it when that was last known. */
  async latestOwner(): Promise<Appliance> {
    return (await this.owner()) ?? this.#lastOwner
  }

  /** Undoes whatever was done; names appliances that had ended by themselves. */
  async heal(): Promise<readonly string[]> {
    const ended = this.appliances.filter(({ hasEnded }) => hasEnded)
    this.links.heal()
    for (const cluster of this.clusters) cluster.thaw()
    if (!this.primary.isRunning) await this.primary.start()
    await this.#restoreStandby()
    await this.primary.sql('DELETE FROM harness.hold')
    const starts = this.appliances.map(async (appliance) => {
      appliance.thaw()
      appliance.setClock(0)
      if (!appliance.isRunning) await appliance.start()
    })
    await Promise.all(starts)
    return ended.map(({ name }) => `I9 ${name} ended by itself`)
  }

  /** Waits until one appliance serves and both are ready; why not, in words, or null. */
  async settled(): Promise<string | null> {
    let why = ''
    for (const until = Date.now() + SETTLED_WITHIN_MS; Date.now() < until; await pause(150)) {
      const owner = await this.owner()
      why = 'nobody owns the network'
      if (owner === null) continue
      const ready = await Promise.all(this.appliances.map((one) => one.isReady()))
      const isServed = await owner.serves()
      if (isServed && ready.every(Boolean)) return null
      const unready = this.appliances.filter((_, index) => ready[index] !== true)
      why = `${owner.name} serves: ${isServed}; not ready: ${unready.map(({ name }) => name).join(' ')}`
    }
    return why
  }

  /** What both appliances have logged of ownership since then, by name. */
  logSince(sinceMs: number): readonly string[] {
    return this.appliances.flatMap((one) =>
      one.logSince(sinceMs).map((line) => `${one.name} ${line}`),
    )
  }

  /** The last writes of an address as PostgreSQL has them, a line each. */
  async writesOf(address: string): Promise<readonly string[]> {
    const text = `SELECT writer, owner, client, state, expires_at, token::text AS token,
      pg_xact_commit_timestamp(xid) AS written FROM harness.lease_write
      WHERE address = $1 ORDER BY at DESC LIMIT 8`
    const rows = await this.primary.sql(text, [parseIpv4(address)])
    return rows.map(({ writer, owner, client, state, expires_at, token, written }) => {
      const what = `${client} ${state} until ${iso(expires_at)}`
      return `${writer} (owner ${owner}, ${token}) wrote ${what} at ${iso(written)}`
    })
  }

  /**
   * Writes that a token should have kept out and that were not told yet, in words. All writes are
   * judged each time: one that was under way when others were judged counts with its own commit.
   */
  async lateWrites(): Promise<readonly string[]> {
    const rows = await this.primary.sql(LATE_WRITES)
    const texts = rows.map(
      ({ writer, owner, token, written, replaced }) =>
        `I3 ${writer} wrote while ${owner} owned, token ${token}, at ${iso(written)}, replaced ${iso(replaced)}`,
    )
    const fresh = [...new Set(texts)].filter((text) => !this.#lateWrites.has(text))
    for (const text of fresh) this.#lateWrites.add(text)
    return fresh
  }

  /** The same once no write is under way any more; for the end, when both appliances are gone. */
  async lastLateWrites(): Promise<readonly string[]> {
    const underWay = 'SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL'
    for (const until = Date.now() + SETTLED_WITHIN_MS; Date.now() < until; await pause(100)) {
      if ((await this.primary.sql(underWay)).length === 0) break
    }
    return this.lateWrites()
  }

  /** What is wrong with leases that clients were told of late, in words. */
  async heldBack(told: readonly Heard[]): Promise<readonly string[]> {
    const found: (string | null)[] = []
    // One after another: each is a session of its own, and PostgreSQL has not many.
    for (const heard of told) {
      const values = [parseIpv4(heard.yiaddr), keyOf(heard.said), heard.heardAtMs]
      const [row] = await this.primary.sql(STORED_UNTIL, values)
      found.push(judgeLate(heard, row === undefined ? null : Number(row['until'])))
    }
    return found.filter((text) => text !== null)
  }

  /** What became of the network since then, in the order in which it counted. */
  async stepsSince(sinceMs: number): Promise<readonly OwnershipStep[]> {
    const rows = await this.primary.sql(OWNERSHIP_STEPS, [sinceMs])
    return rows.map(({ owner, wanted, taken, at }) => ({
      owner: this.appliances.find(({ name }) => name === owner) ?? null,
      wanted: typeof wanted === 'string' ? wanted : null,
      isTaken: taken === true,
      atMs: Number(at),
    }))
  }
}

/** A change of the network's row in PostgreSQL other than a beat. */
export type OwnershipStep = {
  readonly owner: Appliance | null
  readonly wanted: string | null
  /** Whether the owner drew a token. */
  readonly isTaken: boolean
  /** When it counted. */
  readonly atMs: number
}

function iso(time: unknown): string {
  return time instanceof Date ? time.toISOString() : 'never'
}
