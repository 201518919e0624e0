import type { Duration } from './notation.ts'

/**
 * What a client gets that asks for no time, where the file says none. A shared lease must outlast a
 * failover of PostgreSQL, while only what is left of it is given.
 */
export function usualLeaseTime(leases: 'here' | 'shared' | undefined): Duration {
  return { seconds: leases === 'shared' ? 3600 : 300 }
}
