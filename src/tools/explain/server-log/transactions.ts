import type { Mac } from '../../../net/mac.ts'
import type { LineEvent } from './server-event.ts'

/** Exchanges that are remembered; old ones are over. */
const MOST_EXCHANGES = 4_096

/** Events that a line tells of the device that its exchange belongs to. */
export type ExchangeEvent = LineEvent & {
  readonly kind: 'boot' | 'dhcp' | 'address' | 'reply' | 'class'
}

type WithMac<Event> = Omit<Event, 'mac'> & { readonly mac: Mac }
type EventOf<Kind extends LineEvent['kind']> = LineEvent & { readonly kind: Kind }

/** The same, where the line or one before it names the device. */
export type DeviceEvent =
  | EventOf<'boot' | 'reply' | 'class'>
  | WithMac<EventOf<'dhcp'>>
  | WithMac<EventOf<'address'>>

/** The same with the device and all else that is known. */
export type CompleteEvent =
  | EventOf<'boot'>
  | WithMac<EventOf<'reply'>>
  | WithMac<EventOf<'dhcp'>>
  | WithMac<EventOf<'address'>>

/**
 * What belongs to one DHCP exchange in a log that numbers them (dnsmasq `log-dhcp`): the vendor class
 * stands before the line that names the device, the options that were sent stand after it.
 */
export class Transactions {
  readonly #known = new Map<string, { mac: Mac | null; vendorClass: string | null }>()

  /** The events with what the exchange tells filled in; what cannot be attributed is dropped. */
  complete(event: DeviceEvent, id: string | null): readonly CompleteEvent[] {
    const exchange = this.#exchange(id)
    if (event.kind === 'class') {
      if (exchange !== null) exchange.vendorClass = event.vendorClass
      return []
    }
    if (event.kind === 'reply') {
      const mac = event.mac ?? exchange?.mac ?? null
      return mac === null ? [] : [{ ...event, mac }]
    }
    if (exchange === null) return [event]
    const { vendorClass } = exchange
    exchange.mac = event.mac
    exchange.vendorClass = null
    return vendorClass === null ? [event] : withClass(event, vendorClass)
  }

  #exchange(id: string | null) {
    if (id === null) return null
    const known = this.#known.get(id)
    if (known !== undefined) return known
    if (this.#known.size >= MOST_EXCHANGES) this.#known.clear()
    const begun = { mac: null, vendorClass: null }
    this.#known.set(id, begun)
    return begun
  }
}

/** An event of a device whose vendor class stood before it. */
function withClass(
  event: Exclude<CompleteEvent, { readonly kind: 'reply' }>,
  vendorClass: string,
): readonly CompleteEvent[] {
  if (event.kind === 'boot') return [{ ...event, vendorClass: event.vendorClass ?? vendorClass }]
  // A device that claims its old address after a start, and is refused, sends no DISCOVER before.
  const isRefusal = event.kind === 'dhcp' && event.outcome === 'refused'
  return isRefusal ? [{ kind: 'boot', mac: event.mac, vendorClass }, event] : [event]
}
