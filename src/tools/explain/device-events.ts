import { formatIpv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import { readVendorClass } from '../../phones/vendor-class.ts'
import { Attribution } from './attribution.ts'
import type { EventStore } from './event-store.ts'
import type { ServerEvent } from './server-log/server-event.ts'

/** One device, by what can be told of it without following it. */
export type DeviceSeen = {
  readonly number: number
  readonly mac: Mac | null
  /** Whether its first event has a time. */
  readonly isTimed: boolean
  /** Whether something says that it is a phone of Cisco's. */
  readonly isPhone: boolean
  readonly hasAddress: boolean
}

const NOBODY = 0xffff

/** Whether an event is one of a phone's: by its vendor class, host name, registration or a file's name. */
export function isOfPhone(event: ServerEvent): boolean {
  switch (event.kind) {
    case 'boot':
      return readVendorClass(event.vendorClass ?? '').kind !== 'not-a-phone'
    case 'address':
      // All of Cisco's phones call themselves so, on whatever load.
      return /^S[EI]P[0-9A-F]{12}$/i.test(event.hostName ?? '')
    case 'request':
      return readRequestedFile(event.name).kind !== 'other'
    case 'registration':
      return true
    default:
      return false
  }
}

/** Which events are whose: a list of devices, and the events of each in the order of time. */
export class DeviceEvents {
  readonly #devices: { -readonly [Key in keyof DeviceSeen]: DeviceSeen[Key] }[] = []
  readonly #numbers = new Map<string, number>()
  /** The events of all devices, those of each device together. */
  readonly #sorted: Uint32Array
  readonly #begins: readonly number[]
  readonly #most: number
  #hasFiles = false

  /**
   * @param order - The events of the store in the order of time.
   * @param most - Devices that are told apart; what comes after so many is left out.
   */
  constructor(store: EventStore, order: Uint32Array, most: number) {
    this.#most = Math.min(most, NOBODY)
    const attribution = new Attribution(eventsIn(store, order))
    const owners = new Uint16Array(order.length).fill(NOBODY)
    const counts: number[] = []
    const isPhones = store.testShapes(isOfPhone)
    for (const [position, index] of order.entries()) {
      const event = store.at(index)
      if (event.kind === 'address' && event.isGuess === true && !attribution.isBelieved(event)) {
        continue
      }
      const number = this.#numberOf(event, attribution)
      if (number === undefined) continue
      owners[position] = number
      counts[number] = (counts[number] ?? 0) + 1
      this.#note(number, event, isPhones(store.shapeOf(index)))
    }
    this.#begins = beginsOf(counts)
    this.#sorted = gathered(order, owners, this.#begins)
  }

  /** All devices, in the order in which they were seen first. */
  get list(): readonly DeviceSeen[] {
    return this.#devices
  }

  /** Whether any device asked for a file. */
  get hasFiles(): boolean {
    return this.#hasFiles
  }

  /** The events of one device, as their indices in the store. */
  eventsOf(number: number): Uint32Array {
    return this.#sorted.subarray(this.#begins[number], this.#begins[number + 1])
  }

  #numberOf(event: ServerEvent, attribution: Attribution): number | undefined {
    const isOfClient = 'client' in event
    const mac = isOfClient ? attribution.macOf(event) : event.mac
    const key = mac ?? (isOfClient ? formatIpv4(event.client) : '')
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#devices.length
    if (number >= this.#most) return undefined
    this.#numbers.set(key, number)
    const isTimed = event.clock !== 'none'
    this.#devices.push({ number, mac, isTimed, isPhone: false, hasAddress: false })
    return number
  }

  #note(number: number, { kind }: ServerEvent, isPhone: boolean): void {
    const device = this.#devices[number]
    if (device === undefined) return
    device.isPhone ||= isPhone
    device.hasAddress ||= kind === 'address'
    this.#hasFiles ||= kind === 'request'
  }
}

function* eventsIn(store: EventStore, order: Uint32Array): Generator<ServerEvent> {
  for (const index of order) yield store.at(index)
}

/** Where the events of each device begin, and at last where all end. */
function beginsOf(counts: readonly number[]): readonly number[] {
  let sum = 0
  return [0, ...counts].map((count) => {
    sum += count
    return sum
  })
}

function gathered(order: Uint32Array, owners: Uint16Array, begins: readonly number[]): Uint32Array {
  const next = [...begins]
  const sorted = new Uint32Array(begins.at(-1) ?? 0)
  for (const [position, index] of order.entries()) {
    const owner = owners[position] as number
    if (owner === NOBODY) continue
    const at = next[owner] as number
    sorted[at] = index
    next[owner] = at + 1
  }
  return sorted
}
