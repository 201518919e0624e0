/** Calls the listener after each change until the function that comes back is called. */
export type Subscribe = (listener: () => void) => () => void

/**
 * Something to wait on, that remembers a change which came while nobody was waiting. Whoever makes
 * one, closes it.
 */
export class ChangeSignal {
  readonly #unsubscribe: () => void
  #changed = false
  #wake: (() => void) | null = null

  constructor(subscribe: Subscribe) {
    this.#unsubscribe = subscribe(() => {
      this.#changed = true
      this.#wake?.()
    })
  }

  /**
   * Resolves at the next change, at once if there was one since the last wait; or when the time is
   * up or the signal aborts. One wait at a time.
   *
   * @returns Whether there was a change.
   */
  async wait(waitMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#changed && !signal.aborted) await this.#sleep(waitMs, signal)
    const changed = this.#changed
    this.#changed = false
    return changed
  }

  close(): void {
    this.#unsubscribe()
  }

  #sleep(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        this.#wake = null
        resolve()
      }
      const timer = setTimeout(wake, waitMs)
      signal.addEventListener('abort', wake)
      this.#wake = wake
    })
  }
}
