/** What is to be undone when a run ends, however it ends; last made, first undone. */
export class Teardown {
  readonly #undos: { readonly undo: () => Promise<void> | void }[] = []
  #hasBegun = false

  /**
   * Remembers it.
   *
   * @returns Does it now, once, and forgets it.
   * @throws Where the end has begun meanwhile; it is undone then.
   */
  add(undo: () => Promise<void> | void): () => Promise<void> {
    const entry = { undo }
    if (this.#hasBegun) {
      void undo()
      throw new Error('the run is ending')
    }
    this.#undos.push(entry)
    return async () => {
      const index = this.#undos.indexOf(entry)
      if (index < 0) return
      this.#undos.splice(index, 1)
      await undo()
    }
  }

  /** Undoes everything; what fails is said, and the rest goes on. */
  async run(): Promise<void> {
    this.#hasBegun = true
    for (let entry = this.#undos.pop(); entry !== undefined; entry = this.#undos.pop()) {
      try {
        await entry.undo()
      } catch (error) {
        console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}
