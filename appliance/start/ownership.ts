import type { Logger } from 'pino'
import { type AuthorityOf, alwaysFull } from '../../src/dhcp/scope-authority.ts'
import { noOtherAppliances } from '../../src/services/api/appliances.ts'
import type { LeasesElsewhere } from '../../src/services/api/leases.ts'
import { LeaseRouter } from '../../src/services/ownership/lease-router.ts'
import type { NetworkOwners } from '../../src/services/ownership/network-owners.ts'
import type { Look } from '../../src/services/readiness.ts'
import type { ApplianceService } from '../../src/services/services.ts'
import type { ApplicationState } from './application-state.ts'
import type { InForce } from './in-force.ts'

/** What the sockets tell of a network, once they are open. */
export type ServingMachine = {
  /** Resolves when no lease of the network waits to be stored. */
  readonly drain: (network: string) => Promise<void>
  /** Whether too many wait. */
  readonly isLaneFull: (network: string) => boolean
  /** Why the network cannot be served by this machine now, in words; null if it can. */
  readonly faultOn: (network: string) => string | null
}

/** Who serves which network, as the rest of the appliance is joined to it. */
export type Ownership = {
  readonly leases: LeaseRouter
  /** What may be answered on a network now. */
  readonly authorityOf: AuthorityOf
  /** Whether this appliance acts for a network: converts, restarts, surveys. */
  readonly owns: (network: string) => boolean
  /** Left out where nothing is shared. */
  readonly owners?: Pick<NetworkOwners<unknown>, 'ownerOf' | 'authority'>
  readonly elsewhere?: LeasesElsewhere
  readonly appliances: ApplianceService
  readonly looks: readonly Look[]
  /**
   * Begins to take networks.
   *
   * @throws `SameName` if another appliance has our name.
   */
  readonly begin: (machine: ServingMachine) => Promise<void>
  /** Gives up all networks; resolves when the others know. */
  readonly stop: () => Promise<void>
}

/** What ownership needs. */
export type OwnershipWiring = {
  readonly state: ApplicationState
  readonly inForce: InForce
  readonly log: Logger
}

/** Joins ownership with PostgreSQL where the configuration has it; else all is this appliance's. */
export async function openOwnership(wiring: OwnershipWiring): Promise<Ownership> {
  const { sharing, data } = wiring.state
  if (sharing !== null) {
    // Loaded here, because nothing else needs PostgreSQL.
    const { SharedOwnership } = await import('./shared-ownership.ts')
    return new SharedOwnership(wiring, sharing)
  }
  return {
    leases: new LeaseRouter({ here: data.leases, shared: null, isShared: () => false }),
    authorityOf: alwaysFull,
    owns: () => true,
    appliances: noOtherAppliances,
    looks: [],
    begin: async () => {},
    stop: async () => {},
  }
}
