/** An event as an appliance tells it. `appliance` is where it happened. */
export type ToldEvent = {
  readonly id: number
  readonly appliance: string
  readonly at: string
  readonly event: string
  readonly mac: string | null
  readonly network: string | null
}

/**
 * What readers were told of events: the numbers of an appliance rise by one, and an event that was
 * told once is the same for everybody and ever after.
 */
export class EventLedger {
  /** By appliance and number. */
  readonly #told = new Map<string, string>()
  /** The newest number of each appliance that anybody was told. */
  readonly #newest = new Map<string, number>()

  /** Events that were told, each counted once. */
  get size(): number {
    return this.#told.size
  }

  /** The newest number of each appliance that anybody was told, as it is now. */
  newest(): ReadonlyMap<string, number> {
    return new Map(this.#newest)
  }

  /** @returns What is wrong with the event, in words; null if nothing. */
  onTold(told: ToldEvent, reader: string): string | null {
    const { appliance, id, at, event, mac, network } = told
    const key = `${appliance}:${id}`
    const words = `${event} at ${at} of ${mac ?? 'no phone'} on ${network ?? 'no network'}`
    const before = this.#told.get(key)
    if (before !== undefined && before !== words) {
      return `I8 ${reader} tells ${key} as ${words}, and it was ${before}`
    }
    this.#told.set(key, words)
    this.#newest.set(appliance, Math.max(id, this.#newest.get(appliance) ?? 0))
    return null
  }
}

/** One reader of one appliance, who goes on where it has stopped. */
export class EventFollower {
  readonly #ledger: EventLedger
  readonly #reader: string
  /** Up to where it has read, by appliance. */
  readonly #place = new Map<string, number>()

  constructor(ledger: EventLedger, reader: string) {
    this.#ledger = ledger
    this.#reader = reader
  }

  /** @returns What is wrong with the page, in words. */
  onPage(events: readonly ToldEvent[]): readonly string[] {
    return events.flatMap((told) => {
      const { appliance, id } = told
      const before = this.#place.get(appliance) ?? id - 1
      this.#place.set(appliance, id)
      const step = id - before
      const found = this.#ledger.onTold(told, this.#reader)
      const isNext = step === 1 ? null : this.#jump(appliance, before, id)
      return [found, isNext].filter((text) => text !== null)
    })
  }

  /** The first event that was told to somebody and not yet to this reader; null if there is none. */
  lacks(told: ReadonlyMap<string, number>): string | null {
    for (const [appliance, id] of told) {
      if ((this.#place.get(appliance) ?? 0) < id) return `${appliance}:${id}`
    }
    return null
  }

  #jump(appliance: string, before: number, id: number): string {
    return `I8 ${this.#reader} goes from ${appliance}:${before} to ${appliance}:${id}`
  }
}
