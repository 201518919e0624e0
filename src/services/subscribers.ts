/** Listeners by what they listen to; bounded by the connections that made them. */
export class Subscribers<Key> {
  readonly #listeners = new Map<Key, Set<() => void>>()

  /** Calls the listener after each change of `key`, until the function that comes back is called. */
  subscribe(key: Key, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      // Called twice, it must not take away the set of those who came later.
      const isCurrent = this.#listeners.get(key) === listeners
      if (isCurrent && listeners.size === 0) this.#listeners.delete(key)
    }
  }

  /** Tells whoever listens to `key`. */
  announce(key: Key): void {
    for (const listener of [...(this.#listeners.get(key) ?? [])]) listener()
  }
}
