import { formatDuration } from './notation.ts'
import { type Finding, pathOfItem, pathOfKey, problem, warning } from './problem.ts'
import type { ReadableConfiguration } from './settings.ts'

/** What the keys of several appliances must mean together: PostgreSQL and the leases that are in it. */
export function sharingRules(configuration: ReadableConfiguration): Finding[] {
  return [
    ...timesLongEnough(configuration),
    ...sharedLeasesSomewhere(configuration),
    ...sharedLeasesOutlastFailover(configuration),
  ]
}

/** A beat is missed now and then on a busy network: below this, ownership would move for nothing. */
const MIN_TAKEOVER_SECONDS = 2

/** Shorter than a failover of PostgreSQL, repeating a lease would not help. */
const MIN_REPEAT_SECONDS = 20

function timesLongEnough({ database }: ReadableConfiguration): Finding[] {
  const least = [
    { key: 'takeoverAfter', seconds: MIN_TAKEOVER_SECONDS },
    { key: 'repeatFor', seconds: MIN_REPEAT_SECONDS },
  ] as const
  return least.flatMap(({ key, seconds }) => {
    const time = database?.postgres?.[key]
    if (time === undefined || time.seconds >= seconds) return []
    const message = `found ${formatDuration(time)}, wanted at least ${seconds}s`
    return [problem(`database.postgres.${key}`, message)]
  })
}

function sharedLeasesSomewhere({ database, networks = [] }: ReadableConfiguration): Finding[] {
  if (database !== undefined) return []
  return networks.flatMap((network, index) => {
    if (network?.leases !== 'shared') return []
    const path = pathOfKey(pathOfItem('networks', index), 'leases')
    return [problem(path, 'found shared; wanted the section database with postgres')]
  })
}

/** What phones are answered while PostgreSQL is away is what is left of their leases. */
const SHORT_SHARED_SECONDS = 3600

function sharedLeasesOutlastFailover({ networks = [] }: ReadableConfiguration): Finding[] {
  return networks.flatMap((network, index) => {
    const { leases, leaseTime } = network ?? {}
    if (leases !== 'shared' || leaseTime === undefined) return []
    if (leaseTime.seconds >= SHORT_SHARED_SECONDS) return []
    const path = pathOfKey(pathOfItem('networks', index), 'leaseTime')
    const message = `found ${formatDuration(leaseTime)} with leases: shared, wanted 1h or more: phones lose shorter leases while PostgreSQL is away`
    return [warning(path, message)]
  })
}
