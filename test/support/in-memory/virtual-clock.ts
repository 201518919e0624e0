import { setImmediate as turn } from 'node:timers/promises'
import type { StartTimer } from '../../../src/services/start-timer.ts'

type Timer = { readonly atMs: number; readonly call: () => void }

/** A clock that stands until a test lets time pass, and timers by it. */
export class VirtualClock {
  #nowMs: number
  readonly #timers = new Set<Timer>()

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  readonly nowMs = (): number => this.#nowMs

  /** What is due at once is called by itself, as by a timer of Node; the rest when its time comes. */
  readonly startTimer: StartTimer = (call, delayMs) => {
    if (delayMs <= 0) {
      const immediate = setImmediate(call)
      return () => clearImmediate(immediate)
    }
    const timer = { atMs: this.#nowMs + delayMs, call }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Lets time pass: calls each timer at its time, and lets finish what that began. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    for (;;) {
      // Twice: what a promise began may have asked for a timer that is due at once.
      await turn()
      await turn()
      const next = this.#nextBy(untilMs)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.call()
    }
    this.#nowMs = untilMs
  }

  #nextBy(untilMs: number): Timer | undefined {
    const due = [...this.#timers].filter(({ atMs }) => atMs <= untilMs)
    return due.sort((a, b) => a.atMs - b.atMs)[0]
  }
}
