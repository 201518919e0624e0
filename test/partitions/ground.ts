import { setTimeout as pause } from 'node:timers/promises'
import type { Appliance } from './appliance.ts'
import type { Cluster } from './database.ts'
import { NETWORK, SITE } from './places.ts'
import type { Links } from './site.ts'
import { LATE_WRITES } from './write-log.ts'

/** How long healing may take, in milliseconds; generous for a busy machine. */
const SETTLED_WITHIN_MS = 60_000

/** Everything that faults act upon. */
export class Ground {
  readonly a: Appliance
  readonly b: Appliance
  readonly links: Links
  readonly clusters: readonly Cluster[]
  /** The cluster that takes writes. */
  primary: Cluster
  #lastOwner: Appliance
  #judgedWrites = 0

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

  /** The last writes of an address as PostgreSQL has them, a line each. */
  async writesOf(address: string): Promise<readonly string[]> {
    const text = `SELECT writer, owner, client, state, expires_at, token::text AS token,
      pg_xact_commit_timestamp(xid) AS written FROM harness.lease_write
      WHERE address = $1 ORDER BY at DESC LIMIT 8`
    const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
    const rows = await this.primary.sql(text, [number])
    return rows.map(({ writer, owner, client, state, expires_at, token, written }) => {
      const what = `${client} ${state} until ${iso(expires_at)}`
      return `${writer} (owner ${owner}, ${token}) wrote ${what} at ${iso(written)}`
    })
  }

  /** Writes since the last look that a token should have kept out, in words. */
  async lateWrites(): Promise<readonly string[]> {
    const rows = await this.primary.sql(LATE_WRITES, [this.#judgedWrites])
    const [last] = await this.primary.sql(
      'SELECT coalesce(max(at), 0) AS at FROM harness.lease_write',
    )
    this.#judgedWrites = Number(last?.['at'])
    return rows.map(
      ({ writer, owner, token, written, replaced }) =>
        `I3 ${writer} wrote while ${owner} owned, token ${token}, at ${iso(written)}, replaced ${iso(replaced)}`,
    )
  }
}

function iso(time: unknown): string {
  return time instanceof Date ? time.toISOString() : 'never'
}
