import type { EventOfAppliance, SharedEventQuery, SharedEventRange } from './shared-events.ts'

/** Events of one appliance that are held at most, some 1 MB. */
const HELD = 2_000

/** Events of one appliance that are read at once. */
const BATCH = 500

/** Reads in a row at most: who has recorded more meanwhile is read by each follower for itself. */
const MAX_READS = 4

/** What is held of one appliance: all events after a place. */
type Held = { readonly after: number; readonly events: readonly EventOfAppliance[] }

/** What the tail reads by. */
export type ReadEvents = (query: SharedEventQuery) => Promise<readonly EventOfAppliance[]>

/**
 * The newest events of the other appliances, read once for all who follow them: how many follow, and
 * how often they look, costs the source nothing.
 */
export class EventsTail {
  readonly #read: ReadEvents
  readonly #held = new Map<string, Held>()

  constructor(read: ReadEvents) {
    this.#read = read
  }

  /** All events of an appliance after a place; null where some of them are not held. */
  after(appliance: string, id: number): readonly EventOfAppliance[] | null {
    const held = this.#held.get(appliance)
    if (held === undefined || id < held.after) return null
    return held.events.slice(held.events.findLastIndex((event) => event.id <= id) + 1)
  }

  /**
   * Reads what the appliances have recorded up to here. Where nobody follows, nothing is read and
   * nothing is held.
   *
   * @throws What the source says; what was held is held still.
   */
  async readTo(ranges: ReadonlyMap<string, SharedEventRange>, isFollowed: boolean): Promise<void> {
    for (const { appliance, newest } of ranges.values()) {
      if (!isFollowed || !this.#held.has(appliance)) this.#begin(appliance, newest)
    }
    let behind = [...ranges.values()].filter(
      ({ appliance, newest }) => newest > this.#end(appliance),
    )
    for (let reads = 0; behind.length > 0 && reads < MAX_READS; reads++) {
      const full = await this.#readOn(behind.map(({ appliance }) => appliance))
      behind = behind.filter(({ appliance }) => full.has(appliance))
    }
    for (const { appliance, newest } of behind) this.#begin(appliance, newest)
  }

  #begin(appliance: string, after: number): void {
    this.#held.set(appliance, { after, events: [] })
  }

  /** The place after all that is held. */
  #end(appliance: string): number {
    const held = this.#held.get(appliance)
    return held?.events.at(-1)?.id ?? held?.after ?? 0
  }

  /** @returns Appliances of which there may be more. */
  async #readOn(appliances: readonly string[]): Promise<ReadonlySet<string>> {
    const of = appliances.map((appliance) => ({ appliance, id: this.#end(appliance) }))
    const read = await this.#read({ of, isNewest: false, limit: BATCH })
    const full = new Set<string>()
    for (const appliance of appliances) {
      const found = read.filter((event) => event.appliance === appliance)
      this.#keep(appliance, found)
      if (found.length === BATCH) full.add(appliance)
    }
    return full
  }

  #keep(appliance: string, found: readonly EventOfAppliance[]): void {
    const held = this.#held.get(appliance)
    const all = [...(held?.events ?? []), ...found]
    const dropped = all.slice(0, Math.max(0, all.length - HELD))
    const after = dropped.at(-1)?.id ?? held?.after ?? 0
    this.#held.set(appliance, { after, events: all.slice(dropped.length) })
  }
}
