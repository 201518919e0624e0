/**
 * Listeners in the order in which they subscribed. One that subscribes or leaves while the others
 * are told takes effect with the next call.
 */
export class Observers<Told extends readonly unknown[] = []> {
  #listeners: readonly ((...told: Told) => void)[] = []

  /** How many listen. */
  get size(): number {
    return this.#listeners.length
  }

  /** Calls the listener with each thing told, until the function that is returned is called. */
  subscribe(listener: (...told: Told) => void): () => void {
    // A function of its own, so that one listener subscribed twice is two.
    const own = (...told: Told) => listener(...told)
    this.#listeners = [...this.#listeners, own]
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== own)
    }
  }

  /** Tells every listener; what one throws goes to the caller, and those after it are not told. */
  tell(...told: Told): void {
    for (const listener of this.#listeners) listener(...told)
  }
}
