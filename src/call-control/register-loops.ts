import type { Mac } from '../net/mac.ts'

/** From this many registrations within the window on, a phone is not restarted any more. */
export const LOOP_REGISTRATIONS = 4

/** How far back registrations count, in milliseconds. */
export const LOOP_WINDOW_MS = 300_000

/**
 * Finds phones that register again and again: a 7960 that dislikes an answer restarts for ever
 * (chan-sccp issue 412), and restarting it from here would only hide that. Bounded by the number of
 * enrolled phones; only their registrations are counted.
 */
export class RegisterLoops {
  readonly #times = new Map<Mac, readonly number[]>()

  /** Counts a registration; true for the one that makes a loop of them. */
  onRegister(mac: Mac, nowMs: number): boolean {
    const wasLoop = this.isLoop(mac, nowMs)
    const times = [...this.#recent(mac, nowMs), nowMs].slice(-LOOP_REGISTRATIONS)
    this.#times.set(mac, times)
    return !wasLoop && times.length === LOOP_REGISTRATIONS
  }

  isLoop(mac: Mac, nowMs: number): boolean {
    return this.#recent(mac, nowMs).length === LOOP_REGISTRATIONS
  }

  forget(mac: Mac): void {
    this.#times.delete(mac)
  }

  #recent(mac: Mac, nowMs: number): readonly number[] {
    return (this.#times.get(mac) ?? []).filter((atMs) => nowMs - atMs < LOOP_WINDOW_MS)
  }
}
