import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import { seenOfVendorClass } from '../../phones/seen-software.ts'
import type { SeenService } from '../services.ts'

/** What is asked of what was seen. */
export type SeenParts = {
  readonly engine: Pick<ConversionEngine, 'seen'>
  readonly leaseTable: Pick<LeaseTable, 'leaseOf'>
  /** Names of all networks. */
  readonly networks: () => readonly string[]
  readonly nowMs: () => number
}

/** What phones were seen to run; of one that did nothing since it was enrolled, what its lease tells. */
export function seenService({ engine, leaseTable, networks, nowMs }: SeenParts): SeenService {
  return {
    get(mac) {
      const seen = engine.seen(mac)
      if (seen !== undefined) return seen
      const [lease] = networks().flatMap((name) => leaseTable.leaseOf(name, mac, nowMs()) ?? [])
      return lease && seenOfVendorClass(lease.vendorClass, lease.grantedAtMs)
    },
  }
}
