/**
 * Listeners in the order in which they subscribed. One that subscribes or leaves while the others
 * are told takes effect with the next call.
 */
export class Observers<Args extends readonly unknown[] = []> {
  readonly #onThrow: ((cause: unknown) => void) | null
  #listeners: readonly ((...args: Args) => void)[] = []

  /**
   * @param onThrow - Called for a listener that threw, which is then left out. If not given, what a
   *   listener throws goes to the caller of `notify`.
   */
  constructor(onThrow: ((cause: unknown) => void) | null = null) {
    this.#onThrow = onThrow
  }

  /** How many listen. */
  get size(): number {
    return this.#listeners.length
  }

  /** Calls the listener with each thing told, until the function that is returned is called. */
  subscribe(listener: (...args: Args) => void): () => void {
    // A function of its own, so that one listener subscribed twice is two.
    const own = (...args: Args) => listener(...args)
    this.#listeners = [...this.#listeners, own]
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== own)
    }
  }

  /** Tells every listener. */
  notify(...args: Args): void {
    for (const listener of this.#listeners) {
      if (this.#onThrow === null) listener(...args)
      else this.#notifySafely(listener, args, this.#onThrow)
    }
  }

  #notifySafely(
    listener: (...args: Args) => void,
    args: Args,
    onThrow: (cause: unknown) => void,
  ): void {
    try {
      listener(...args)
    } catch (cause) {
      this.#listeners = this.#listeners.filter((one) => one !== listener)
      onThrow(cause)
    }
  }
}
