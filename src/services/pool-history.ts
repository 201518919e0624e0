import type { PoolUseHistory } from './services.ts'

/** How far apart two samples are, in milliseconds. */
export const SAMPLE_MS = 60_000

/** A day of them; older ones are forgotten. */
export const MAX_SAMPLES = 1_440

type Series = { untilMs: number; taken: number[] }

/** How many addresses of each pool were taken, minute by minute since the start, for a day at most. */
export class PoolHistory {
  readonly #series = new Map<string, Series>()

  /**
   * Takes a sample of each network; those that are not named are forgotten. Minutes that were not
   * sampled, because the machine was busy, were like the one after them.
   *
   * @param taken - Addresses of the pool that no new client can get, by network.
   */
  sample(taken: ReadonlyMap<string, number>, nowMs: number): void {
    for (const name of this.#series.keys()) if (!taken.has(name)) this.#series.delete(name)
    for (const [name, count] of taken) this.#add(name, count, nowMs)
  }

  /** The samples of a network, the oldest first; undefined where none was taken. */
  of(network: string): PoolUseHistory | undefined {
    const series = this.#series.get(network)
    if (series === undefined) return undefined
    return { everySeconds: SAMPLE_MS / 1000, untilMs: series.untilMs, taken: [...series.taken] }
  }

  #add(name: string, count: number, nowMs: number): void {
    const series = this.#series.get(name)
    if (series === undefined) {
      this.#series.set(name, { untilMs: nowMs, taken: [count] })
      return
    }
    // A timer may ring a little early or late: the nearest minute is meant.
    const minutes = Math.round((nowMs - series.untilMs) / SAMPLE_MS)
    const added = Math.min(minutes, MAX_SAMPLES)
    for (let index = 0; index < added; index++) series.taken.push(count)
    series.untilMs += minutes * SAMPLE_MS
    series.taken.splice(0, series.taken.length - MAX_SAMPLES)
  }
}
