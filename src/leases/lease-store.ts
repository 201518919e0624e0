import type { Binding, LeaseChange } from './binding.ts'

/**
 * Where bindings survive a crash. Whole batches, asynchronous: an engine never waits for it.
 */
export interface LeaseStore {
  /** All bindings. A row that cannot be read is left out and reported, never thrown. */
  load(): Promise<{ readonly bindings: readonly Binding[]; readonly faults: readonly string[] }>
  /** Resolves when every change is on disk (all or none), rejects with the cause otherwise. */
  commit(changes: readonly LeaseChange[]): Promise<void>
}
