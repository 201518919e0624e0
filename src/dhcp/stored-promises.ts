import type { Binding } from '../leases/binding.ts'

/** What is known of stored leases while the store fails: which of them may be repeated. */
export interface StoredPromises {
  /**
   * What may be repeated of a record of the lease table: the record itself where it is stored as it is,
   * else what was acknowledged before, as far as that is certain. Undefined where there is nothing.
   */
  promiseOf(record: Binding): Binding | undefined
  /** Whether changes of the scope could not be stored a moment ago, and will hardly be now. */
  isFailing(scopeName: string): boolean
}
