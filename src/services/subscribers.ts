import { Observers } from './observers.ts'

/** Listeners by what they listen to; bounded by the connections that made them. */
export class Subscribers<Key> {
  readonly #byKey = new Map<Key, Observers>()

  /** Calls the listener after each change of `key`, until the function that is returned is called. */
  subscribe(key: Key, listener: () => void): () => void {
    const observers = this.#byKey.get(key) ?? new Observers()
    this.#byKey.set(key, observers)
    const leave = observers.subscribe(listener)
    return () => {
      leave()
      // Called twice, it must not take away those who came later.
      const isCurrent = this.#byKey.get(key) === observers
      if (isCurrent && observers.size === 0) this.#byKey.delete(key)
    }
  }

  /** Tells those who listen to `key`. */
  announce(key: Key): void {
    this.#byKey.get(key)?.notify()
  }
}
