import type { Binding } from '../../leases/binding.ts'
import type { LeaseBook } from '../../leases/lease-book.ts'
import type { OwingLeaseStore } from '../../leases/owing-lease-store.ts'
import type { LeaseService } from '../services.ts'

/** Who holds which address, as the API asks. */
export function leaseService(
  book: LeaseBook,
  store: Pick<OwingLeaseStore, 'isStored' | 'commitOnce'>,
  nowMs: () => number,
): LeaseService {
  return {
    list: ({ network, mac }) =>
      [...book.bindings()]
        .filter((binding) => network === undefined || binding.scope === network)
        .filter((binding) => mac === undefined || binding.mac === mac)
        .sort((a: Binding, b: Binding) => a.address - b.address),
    isStored: (address) => store.isStored(address),
    async free(address) {
      const binding = book.at(address)
      if (binding === undefined) return { kind: 'not-found' }
      // On disk first: what could not be stored has not happened, and its holder keeps the address.
      await store.commitOnce(book.freeing(address, nowMs()))
      // A client that was served meanwhile has a newer one, which is stored behind this change.
      if (book.at(address) === binding) book.free(address, nowMs())
      return { kind: 'freed' }
    },
  }
}
