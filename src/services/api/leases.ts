import type { Binding } from '../../leases/binding.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { LeaseRouter } from '../ownership/lease-router.ts'
import type { LeaseService } from '../services.ts'

/** Leases of networks that another appliance serves. */
export interface LeasesElsewhere {
  /** Networks whose leases are shared and that are not served here. */
  networks(): readonly string[]
  /** Their leases, at most a second old. Rejects where the database is away. */
  read(network: string): Promise<readonly Binding[]>
  ownerOf(network: string): string | null
}

/** What the lease service needs. */
export type LeaseServiceParts = {
  readonly leaseTable: LeaseTable
  readonly store: Pick<LeaseRouter, 'isStored' | 'commitOnce'>
  /** Left out: no leases are shared. */
  readonly elsewhere?: LeasesElsewhere
  readonly nowMs: () => number
}

/** Who holds which address, as the API asks. */
export function leaseService({
  leaseTable,
  store,
  elsewhere,
  nowMs,
}: LeaseServiceParts): LeaseService {
  const foreign = async (network: string | undefined) => {
    if (elsewhere === undefined) return []
    const names = elsewhere.networks().filter((name) => network === undefined || name === network)
    return (await Promise.all(names.map((name) => elsewhere.read(name)))).flat()
  }
  return {
    list: async ({ network, mac }) =>
      [...(await foreign(network)), ...leaseTable.bindings()]
        .filter((binding) => network === undefined || binding.scope === network)
        .filter((binding) => mac === undefined || binding.mac === mac)
        .sort((a, b) => a.address - b.address),
    isStored: (binding) => leaseTable.at(binding.address) !== binding || store.isStored(binding),
    async free(address) {
      const binding = leaseTable.at(address)
      if (binding === undefined) {
        const there = (await foreign(undefined)).find((one) => one.address === address)
        if (there === undefined) return { kind: 'not-found' }
        return { kind: 'not-owner', owner: elsewhere?.ownerOf(there.scope) ?? null }
      }
      // On disk first: what could not be stored has not happened, and its holder keeps the address.
      await store.commitOnce(leaseTable.freeing(address, nowMs()))
      // A client that was served meanwhile has a newer one, which is stored after this change.
      if (leaseTable.at(address) === binding) leaseTable.free(address, nowMs())
      return { kind: 'freed' }
    },
  }
}
