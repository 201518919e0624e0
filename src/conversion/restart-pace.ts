import { clockMs, type PhoneTime } from './phone-time.ts'

/**
 * Automatic restarts of a network in a minute. All phones of a switch that start at once draw their
 * inrush current at once, and each fetches about a megabyte: at 30 a minute a switch of 48 ports takes
 * a minute and a half, and a 100 Mbit/s uplink is at a twentieth of its load.
 */
export const PER_NETWORK = 30

/** The same of all networks together: what one appliance serves without a phone that waits. */
export const IN_TOTAL = 120

const WINDOW_MS = 60_000

/** Limits how many phones are restarted by themselves. Restarts by hand are not counted. */
export class RestartPace {
  readonly #windowMs: number
  /** By network; of each, when its last restarts began, oldest first. */
  readonly #byNetwork = new Map<string, readonly number[]>()

  constructor(time: PhoneTime) {
    this.#windowMs = clockMs(time, WINDOW_MS)
  }

  allows(network: string, nowMs: number): boolean {
    let total = 0
    for (const name of this.#byNetwork.keys()) total += this.#recent(name, nowMs).length
    return total < IN_TOTAL && this.#recent(network, nowMs).length < PER_NETWORK
  }

  count(network: string, nowMs: number): void {
    this.#byNetwork.set(network, [...this.#recent(network, nowMs), nowMs])
  }

  #recent(network: string, nowMs: number): readonly number[] {
    const times = this.#byNetwork.get(network) ?? []
    return times.filter((atMs) => nowMs - atMs < this.#windowMs)
  }
}
