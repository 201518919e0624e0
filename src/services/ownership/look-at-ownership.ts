import type { Finding, Look } from '../readiness.ts'
import type { Membership } from './membership.ts'
import type { NetworkOwners } from './network-owners.ts'

/** What the look asks. */
export type OwnershipLookParts = {
  readonly owners: Pick<
    NetworkOwners<unknown>,
    'networks' | 'authority' | 'tokenOf' | 'ownerOf' | 'differsFrom'
  >
  readonly membership: Pick<Membership, 'obstacle' | 'standing'>
  /** Why the network could not be served here, in words; null if it could. */
  readonly unfitFor: (network: string) => string | null
  /** Whether PostgreSQL as a whole cannot be used, which is said elsewhere. */
  readonly isAway: () => boolean
  readonly nowMs: () => number
}

/** Said where a failover of the database may lose what was acknowledged. */
export const NO_STANDBY =
  'PostgreSQL has no synchronous standby (synchronous_standby_names is empty): a failover may lose leases and changes that were acknowledged'

/** Whether this appliance serves its shared networks, or could take them over. */
export function lookAtOwnership(parts: OwnershipLookParts): Look {
  return () => {
    const { owners, membership } = parts
    const { networks } = owners
    const owned = networks.filter((network) => owners.tokenOf(network) !== null)
    const problems = [
      ...obstacleOf(parts),
      ...networks.flatMap((network) => problemsOf(network, parts)),
    ]
    const { isSynchronous } = membership.standing
    return {
      name: 'ownership',
      detail: detailOf(networks, owned),
      problems,
      warnings: isSynchronous === false ? [NO_STANDBY] : [],
      ...(networks.length === 0 ? {} : { ownership: owned.length > 0 ? 'owner' : 'standby' }),
    }
  }
}

function obstacleOf({ membership, isAway }: OwnershipLookParts): Finding['problems'] {
  const { obstacle, standing } = membership
  const say = (message: string) => [{ where: 'database.postgres', message }]
  if (standing.away !== null) {
    if (isAway()) return []
    return say(`PostgreSQL does not store that this appliance is there: ${standing.away}`)
  }
  return obstacle === null ? [] : say(`no shared network is served here: ${obstacle}`)
}

function problemsOf(network: string, parts: OwnershipLookParts): Finding['problems'] {
  const { owners, membership, unfitFor, nowMs } = parts
  const say = (message: string) => [{ where: network, message: `network ${network} ${message}` }]
  if (owners.tokenOf(network) !== null) {
    const authority = owners.authority(network, nowMs())
    if (authority === 'full' || membership.standing.away !== null) return []
    return say('is taken over, and not served yet')
  }
  const other = owners.differsFrom(network)
  if (other !== null) {
    return say(
      `is configured otherwise on ${other}, which serves it: subnet, pool and reservations must be the same`,
    )
  }
  const unfit = membership.obstacle === null ? unfitFor(network) : null
  if (unfit !== null) return say(`could not be taken over: ${unfit}`)
  return membership.standing.away === null && owners.ownerOf(network) === null
    ? say('is served by no appliance now')
    : []
}

function detailOf(networks: readonly string[], owned: readonly string[]): string {
  if (networks.length === 0) return 'no shared networks'
  const standby = networks.filter((network) => !owned.includes(network))
  return [
    ...(owned.length === 0 ? [] : [`owner of ${owned.join(', ')}`]),
    ...(standby.length === 0 ? [] : [`standby for ${standby.join(', ')}`]),
  ].join('; ')
}
