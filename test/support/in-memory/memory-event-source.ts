import type { Mac } from '../../../src/net/mac.ts'
import { isWanted } from '../../../src/services/events/event-filter.ts'
import type {
  EventOfAppliance,
  EventSource,
  PlaceInEvents,
  SharedEventQuery,
} from '../../../src/services/events/shared-events.ts'
import type { StoredEvent } from '../../../src/services/events/stored-event.ts'

/** What several appliances have recorded, as PostgreSQL keeps it, in memory. */
export class MemoryEventSource implements EventSource {
  readonly #byAppliance = new Map<string, readonly StoredEvent[]>()

  async put(appliance: string, events: readonly StoredEvent[], after: number): Promise<number> {
    const known = this.#of(appliance)
    const newest = known.at(-1)?.id ?? 0
    const added = events.filter(({ id }) => id > newest)
    if (newest >= after) this.#byAppliance.set(appliance, [...known, ...added])
    return newest
  }

  /** Events with a lower number are no longer kept. */
  forgetBefore(appliance: string, id: number): void {
    this.#byAppliance.set(
      appliance,
      this.#of(appliance).filter((event) => event.id >= id),
    )
  }

  async ranges() {
    return [...this.#byAppliance].map(([appliance, events]) => ({
      appliance,
      oldest: events[0]?.id ?? 0,
      newest: events.at(-1)?.id ?? 0,
    }))
  }

  async placesBefore(appliances: readonly string[], ms: number): Promise<readonly PlaceInEvents[]> {
    return appliances.map((appliance) => {
      const before = this.#of(appliance).filter(({ atMs }) => atMs < ms)
      return { appliance, id: before.at(-1)?.id ?? 0 }
    })
  }

  async list(query: SharedEventQuery): Promise<readonly EventOfAppliance[]> {
    const { of, isNewest, limit, names, ...filter } = query
    return of.flatMap(({ appliance, id: after }) => {
      const wanted = this.#of(appliance)
        .filter(({ id }) => id > after)
        .filter((event) => isWanted({ ...event, mac: event.mac as Mac | null }, filter))
        .filter(({ event }) => names === undefined || names.includes(event))
      const found = isNewest ? wanted.slice(-limit) : wanted.slice(0, limit)
      return found.map((event) => ({ ...event, appliance }))
    })
  }

  #of(appliance: string): readonly StoredEvent[] {
    return this.#byAppliance.get(appliance) ?? []
  }
}
