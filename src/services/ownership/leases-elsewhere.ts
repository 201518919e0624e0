import type { Binding } from '../../leases/binding.ts'
import type { LeasesElsewhere } from '../api/leases.ts'
import type { NetworkOwners } from './network-owners.ts'
import type { StoredLeases } from './shared-leases.ts'

/** What leases of other appliances are read by. */
export type LeasesElsewhereParts = {
  readonly owners: Pick<NetworkOwners<StoredLeases>, 'networks' | 'tokenOf' | 'ownerOf'>
  readonly read: (network: string) => Promise<StoredLeases>
  readonly nowMs: () => number
}

/** What was read is told for so long, in milliseconds: who asks often costs one read a second. */
const FRESH_MS = 1000

/** Reads the leases of networks that another appliance serves. */
export function leasesElsewhere({ owners, read, nowMs }: LeasesElsewhereParts): LeasesElsewhere {
  const last = new Map<string, { readonly atMs: number; readonly read: Promise<StoredLeases> }>()
  const recent = async (network: string): Promise<readonly Binding[]> => {
    const atMs = nowMs()
    const before = last.get(network)
    const isFresh = before !== undefined && atMs - before.atMs < FRESH_MS
    const now = isFresh ? before : { atMs, read: read(network) }
    last.set(network, now)
    return (await now.read).bindings
  }
  return {
    networks: () => owners.networks.filter((network) => owners.tokenOf(network) === null),
    read: recent,
    ownerOf: (network) => owners.ownerOf(network),
  }
}
