/**
 * Listeners in the order in which they subscribed. One that subscribes or leaves while the others
 * are told takes effect with the next call.
 */
export class Observers<Told extends readonly unknown[] = []> {
  readonly #onThrow: ((cause: unknown) => void) | null
  #listeners: readonly ((...told: Told) => void)[] = []

  /**
   * @param onThrow - Told of a listener that threw, which is then left out. If not given, what a
   *   listener throws goes to the caller of `tell`.
   */
  constructor(onThrow: ((cause: unknown) => void) | null = null) {
    this.#onThrow = onThrow
  }

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

  /** Tells every listener. */
  tell(...told: Told): void {
    for (const listener of this.#listeners) {
      if (this.#onThrow === null) listener(...told)
      else this.#tellSafely(listener, told, this.#onThrow)
    }
  }

  #tellSafely(
    listener: (...told: Told) => void,
    told: Told,
    onThrow: (cause: unknown) => void,
  ): void {
    try {
      listener(...told)
    } catch (cause) {
      this.#listeners = this.#listeners.filter((one) => one !== listener)
      onThrow(cause)
    }
  }
}
