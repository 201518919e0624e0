import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { startNodeTimer } from '../../src/adapters/clock/node-timer.ts'
import type { PostgresConnection } from '../../src/adapters/postgres/connection.ts'
import { PostgresLeaseStore } from '../../src/adapters/postgres/lease-store.ts'
import { PostgresMemberStore } from '../../src/adapters/postgres/member-store.ts'
import {
  OWNERSHIP_CHANNEL,
  type OwnershipSelf,
  PostgresOwnershipStore,
} from '../../src/adapters/postgres/ownership-store.ts'
import type { AuthorityOf } from '../../src/dhcp/scope-authority.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import { type OwnershipTiming, sureForMs } from '../../src/ownership/ownership-timing.ts'
import { applianceService } from '../../src/services/api/appliances.ts'
import { RolloutDrivers } from '../../src/services/conversions/rollout-drivers.ts'
import { faultReporter } from '../../src/services/fault-reporter.ts'
import { LeaseRouter } from '../../src/services/ownership/lease-router.ts'
import { leasesElsewhere } from '../../src/services/ownership/leases-elsewhere.ts'
import { lookAtOwnership } from '../../src/services/ownership/look-at-ownership.ts'
import { LostLeases } from '../../src/services/ownership/lost-leases.ts'
import { Membership } from '../../src/services/ownership/membership.ts'
import { NetworkOwners } from '../../src/services/ownership/network-owners.ts'
import { SharedLeases, type StoredLeases } from '../../src/services/ownership/shared-leases.ts'
import type { NetworkSettings } from '../../src/settings/settings.ts'
import { packageVersion } from '../version.ts'
import { logIgnoredRows } from './ignored-rows.ts'
import type { Sharing } from './open-sharing.ts'
import type { Ownership, OwnershipWiring, ServingMachine } from './ownership.ts'

/** A beat or a group of leases that takes longer has failed, in milliseconds. */
const LEASE_TIMEOUT_MS = 2000

/** The same for all other statements. */
const MEMBER_TIMEOUT_MS = 5000

/** Ownership of networks with shared leases, in PostgreSQL. */
export class SharedOwnership implements Ownership {
  readonly leases: LeaseRouter
  readonly owners: NonNullable<Ownership['owners']>
  readonly elsewhere: NonNullable<Ownership['elsewhere']>
  readonly appliances: Ownership['appliances']
  readonly looks: Ownership['looks']
  readonly #wiring: OwnershipWiring
  readonly #self: OwnershipSelf
  readonly #run = randomUUID()
  readonly #leaseConnection: PostgresConnection
  readonly #memberConnection: PostgresConnection
  readonly #shared: SharedLeases
  readonly #lost: LostLeases
  readonly #owners: NetworkOwners<StoredLeases>
  readonly #membership: Membership
  readonly #drivers: RolloutDrivers
  readonly #isOtherInventory: () => boolean
  #machine: ServingMachine | null = null

  constructor(wiring: OwnershipWiring, sharing: Sharing) {
    this.#wiring = wiring
    const { data, nowMs } = wiring.state
    const { site, name } = sharing.settings
    this.#isOtherInventory = () => sharing.inventory.fault !== null
    this.#self = { site, name, shapeOf: (network) => shapeOf(this.#networkNamed(network)) }
    this.#leaseConnection = sharing.connect('leases', LEASE_TIMEOUT_MS, { isPipelined: true })
    this.#memberConnection = sharing.connect('members', MEMBER_TIMEOUT_MS, {
      listen: {
        channel: OWNERSHIP_CHANNEL,
        onNotification: (key) => this.#onNotification(key),
      },
    })
    const members = new PostgresMemberStore(this.#memberConnection, site, name)
    this.#shared = this.#openLeases()
    this.#lost = this.#openLostLeases()
    this.#membership = this.#openMembership(members, sharing)
    this.#owners = this.#openOwners(sharing)
    this.#drivers = this.#openDrivers(sharing, members)
    const isShared = (network: string) => this.#networkNamed(network)?.leases === 'shared'
    this.leases = new LeaseRouter({ here: data.leases, shared: this.#shared, isShared })
    const ownerOf = (network: string) => this.#owners.ownerOf(network)
    this.owners = { ownerOf, authority: this.authorityOf }
    const owners = this.#owners
    const unfitFor = (network: string) => this.#unfitFor(network)
    this.elsewhere = leasesElsewhere({ owners, read: (one) => this.#readElsewhere(one), nowMs })
    this.appliances = applianceService({
      site,
      members,
      store: new PostgresOwnershipStore(this.#memberConnection, this.#self),
      network: (network) => {
        const found = this.#networkNamed(network)
        return found === undefined ? undefined : { isShared: found.leases === 'shared' }
      },
      pause: (ms) => pause(ms),
      nowMs,
    })
    const isAway = () => sharing.fault() !== null
    const membership = this.#membership
    this.looks = [lookAtOwnership({ owners, membership, unfitFor, isAway, nowMs })]
    wiring.inForce.replaced.subscribe(() => this.#follow())
  }

  readonly authorityOf: AuthorityOf = (network, nowMs) => {
    if (this.#networkNamed(network)?.leases !== 'shared') return 'full'
    if (!this.#owners.isFollowed(network)) return 'none'
    return this.#machine?.isLaneFull(network) === false
      ? this.#owners.authority(network, nowMs)
      : 'none'
  }

  readonly owns = (network: string): boolean =>
    this.authorityOf(network, this.#wiring.state.nowMs()) === 'full'

  async begin(machine: ServingMachine): Promise<void> {
    this.#machine = machine
    await this.#membership.start()
    this.#drivers.start()
    this.#follow()
  }

  async stop(): Promise<void> {
    await this.#drivers.stop()
    await this.#owners.stop()
    await this.#membership.stop(this.#run)
    await Promise.all([this.#leaseConnection.close(), this.#memberConnection.close()])
  }

  #openLeases(): SharedLeases {
    const { leaseTable, nowMs } = this.#wiring.state
    return new SharedLeases({
      store: new PostgresLeaseStore(this.#leaseConnection, {
        nowMs,
        site: this.#self.site,
        tokenOf: (network) => this.#owners.tokenOf(network),
      }),
      onRefused: (network) => this.#owners.onRefused(network),
      recordAt: (address) => leaseTable.at(address),
      nowMs,
    })
  }

  #openLostLeases(): LostLeases {
    const { state, log } = this.#wiring
    const { leaseTable, nowMs } = state
    const report = (fault: object) => log.warn({ event: 'ownership.failed', ...fault })
    return new LostLeases({
      leases: this.#shared,
      bindings: () => leaseTable.bindings(),
      recordAt: (address) => leaseTable.at(address),
      onFound: (network, count) => log.warn({ event: 'leases.stored.again', network, count }),
      onFault: faultReporter(report, nowMs),
    })
  }

  #openMembership(store: PostgresMemberStore, sharing: Sharing): Membership {
    return new Membership({
      store,
      announcement: () => ({
        run: this.#run,
        version: packageVersion(),
        networks: this.#networks().map(({ name, address }) => ({
          name,
          address: formatIpv4(address),
          unfit: this.#unfitFor(name) ?? this.#differenceIn(name),
        })),
      }),
      wallMs: () => Date.now(),
      brokenAfterMs: sureForMs(timingOf(sharing)),
      nowMs: this.#wiring.state.nowMs,
      startTimer: startNodeTimer,
    })
  }

  #openDrivers(sharing: Sharing, members: PostgresMemberStore): RolloutDrivers {
    const { state, log } = this.#wiring
    const { rollouts, conversions, recorder, nowMs } = state
    const report = (fault: object) => log.warn({ event: 'ownership.failed', ...fault })
    const drivers = new RolloutDrivers({
      self: `${this.#self.site}/${this.#self.name}`,
      timing: timingOf(sharing),
      rollouts: () => rollouts.engine.list(),
      documents: sharing.documents,
      beats: (appliances) => members.beats(appliances),
      presence: () => this.#membership.presence,
      onDriven: (rollout, from) => {
        if (from !== null) {
          recorder.onRolloutEvent({ event: 'rollout.taken', rollout, from }, nowMs())
          conversions.engine.onWake(nowMs())
        }
        rollouts.engine.resume(rollout, nowMs())
      },
      onFault: faultReporter(report, nowMs),
      nowMs,
      startTimer: startNodeTimer,
    })
    rollouts.driveOnly((id) => drivers.drives(id))
    return drivers
  }

  #openOwners(sharing: Sharing): NetworkOwners<StoredLeases> {
    const { state, log } = this.#wiring
    const { leaseTable, nowMs, recorder } = state
    const report = (fault: object) => log.warn({ event: 'ownership.failed', ...fault })
    return new NetworkOwners<StoredLeases>({
      self: sharing.settings.name,
      timing: timingOf(sharing),
      store: new PostgresOwnershipStore(this.#leaseConnection, this.#self),
      read: (network) => this.#shared.read(network),
      accept: (network, stored) => this.#accept(network, stored),
      drain: async (network) => this.#machine?.drain(network),
      drop: (network) => this.#drop(network),
      onBeat: (network) => this.#lost.onBeat(network, this.#leaseConnection.timeline),
      onUnclean: (network, isUnclean) => leaseTable.keepEnded(network, isUnclean),
      unfitFor: (network) => this.#unfitFor(network),
      onEvent: (network, event) => recorder.onOwnershipEvent(network, event, nowMs()),
      onFault: faultReporter(report, nowMs),
      nowMs,
      startTimer: startNodeTimer,
    })
  }

  #accept(network: string, { bindings, faults }: StoredLeases): void {
    const { leaseTable, engine, nowMs } = this.#wiring.state
    this.#drop(network)
    this.#shared.load(network, bindings)
    logIgnoredRows(this.#wiring.log, [...faults, ...leaseTable.load(bindings, nowMs())])
    this.#lost.onRead(network, this.#leaseConnection.timeline)
    // Once the network is ours: the conversions of its phones go on here.
    queueMicrotask(() => engine.onWake(nowMs()))
  }

  #drop(network: string): void {
    this.#shared.forget(network)
    this.#lost.forget(network)
    if (this.#networkNamed(network) !== undefined) this.#wiring.state.leaseTable.forget(network)
  }

  async #readElsewhere(network: string): Promise<StoredLeases> {
    const { nowMs } = this.#wiring.state
    const { site } = this.#self
    const options = { nowMs, site, tokenOf: () => null }
    return new PostgresLeaseStore(this.#memberConnection, options).load([network])
  }

  #unfitFor(network: string): string | null {
    if (this.#machine === null) return 'the appliance is starting'
    // Its leases are not those that this appliance knows of.
    if (this.#isOtherInventory()) return 'PostgreSQL has another inventory than before'
    return this.#membership.obstacle ?? this.#machine.faultOn(network)
  }

  #differenceIn(network: string): string | null {
    const other = this.#owners.differsFrom(network)
    return other === null ? null : `it is configured otherwise on ${other}`
  }

  #onNotification(key: string): void {
    const { site } = this.#self
    if (key.startsWith(`${site}/`)) this.#owners.hint(key.slice(site.length + 1))
  }

  #follow(): void {
    this.#owners.follow(this.#networks().map(({ name }) => name))
  }

  #networks(): readonly NetworkSettings[] {
    return this.#wiring.inForce.networks.filter(({ leases }) => leases === 'shared')
  }

  #networkNamed(network: string): NetworkSettings | undefined {
    return this.#wiring.inForce.networks.find(({ name }) => name === network)
  }
}

function timingOf({ settings }: Sharing): OwnershipTiming {
  return {
    takeoverAfterMs: settings.takeoverAfter.seconds * 1000,
    repeatForMs: settings.repeatFor.seconds * 1000,
  }
}

/** A digest of what all appliances of a network must have in common; empty where it is not served. */
function shapeOf(network: NetworkSettings | undefined): string {
  if (network === undefined) return ''
  const { subnet, pool, reservations } = network
  const shape = [
    [subnet.base, subnet.prefixLength],
    pool.map(({ first, last }) => [first, last]).sort(([a = 0], [b = 0]) => a - b),
    reservations.map(({ mac, address }) => `${mac} ${address}`).sort(),
  ]
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex')
}
