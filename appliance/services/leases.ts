import type { LeaseService } from '../../src/adapters/http/services.ts'
import type { Binding } from '../../src/leases/binding.ts'
import type { LeaseBook } from '../../src/leases/lease-book.ts'
import type { LeaseStore } from '../../src/leases/lease-store.ts'

/** Who holds which address, as the API asks. */
export function leaseService(book: LeaseBook, store: LeaseStore): LeaseService {
  return {
    list: ({ network, mac }) =>
      [...book.bindings()]
        .filter((binding) => network === undefined || binding.scope === network)
        .filter((binding) => mac === undefined || binding.mac === mac)
        .sort((a: Binding, b: Binding) => a.address - b.address),
    async free(address) {
      if (book.at(address) === undefined) return { kind: 'not-found' }
      await store.commit(book.free(address))
      return { kind: 'freed' }
    },
  }
}
