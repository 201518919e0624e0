import type { KeptData } from '../../../appliance/start/open-data.ts'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import type { Binding, LeaseChange } from '../../../src/leases/binding.ts'
import { RetryingLeaseStore } from '../../../src/leases/retrying-lease-store.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { MemoryInventoryStore } from '../memory-inventory-store.ts'
import { MemoryEventStore } from './memory-event-store.ts'

/** Documents by their keys. */
class Documents<Key, Value> {
  readonly #byKey = new Map<Key, Value>()

  all(): readonly Value[] {
    return [...this.#byKey.values()]
  }

  /** Null takes one away. */
  readonly save = async (changes: ReadonlyMap<Key, Value | null>): Promise<void> => {
    for (const [key, value] of changes) {
      if (value === null) this.#byKey.delete(key)
      else this.#byKey.set(key, value)
    }
  }
}

/** A store whose `load` names its documents. */
function storeOf<Name extends string, Key, Value>(name: Name) {
  const documents = new Documents<Key, Value>()
  const load = async () => ({ [name]: documents.all(), faults: [] })
  return { load, save: documents.save } as {
    load: () => Promise<Record<Name, readonly Value[]> & { readonly faults: readonly string[] }>
    save: (changes: ReadonlyMap<Key, Value | null>) => Promise<void>
  }
}

function conversionStore() {
  const { load, save } = storeOf<'conversions', Mac, Conversion>('conversions')
  const saveAll = (conversions: readonly Conversion[]) =>
    save(new Map(conversions.map((one) => [one.mac, one])))
  return { load, save: saveAll }
}

function leaseStore() {
  const { load, save } = storeOf<'bindings', Ipv4, Binding>('bindings')
  const entry = (change: LeaseChange) =>
    change.kind === 'put'
      ? ([change.binding.address, change.binding] as const)
      : ([change.address, null] as const)
  const commit = (changes: readonly LeaseChange[]) => save(new Map(changes.map(entry)))
  return new RetryingLeaseStore({ load, commit })
}

/** Everything that an appliance keeps, in memory. */
export function memoryStores(): KeptData {
  const marks = new Map<string, number>()
  return {
    database: { file: 'in memory', fault: async () => null, close: async () => undefined },
    leases: leaseStore(),
    inventory: new MemoryInventoryStore(),
    conversions: conversionStore(),
    rollouts: storeOf('rollouts'),
    registrations: storeOf('registrations'),
    seen: storeOf('seen'),
    tokens: storeOf('tokens'),
    webhooks: storeOf('webhooks'),
    events: new MemoryEventStore(),
    marks: {
      get: async (name) => marks.get(name) ?? null,
      set: async (name, value) => void marks.set(name, value),
    },
  }
}
