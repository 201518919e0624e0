/** A store whose writes end when the test says so, and as it says. */
export class SlowStore<Item> {
  /** What was to be written, in order. */
  readonly batches: (readonly Item[])[] = []
  readonly #underWay: { resolve: () => void; reject: (error: Error) => void }[] = []

  /** Writes that have begun and not ended. */
  get underWay(): number {
    return this.#underWay.length
  }

  readonly write = (items: readonly Item[]): Promise<void> => {
    this.batches.push(items)
    return new Promise((resolve, reject) => this.#underWay.push({ resolve, reject }))
  }

  /** Ends the oldest write; resolves when whoever waited has gone on. */
  async succeed(): Promise<void> {
    this.#underWay.shift()?.resolve()
    await turn()
  }

  /** The same, without success. */
  async fail(error: Error): Promise<void> {
    this.#underWay.shift()?.reject(error)
    await turn()
  }
}

/** One turn of the event loop: everything that waits for promises alone has gone on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
