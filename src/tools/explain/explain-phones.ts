import type { AddressEvent } from '../../conversion/address-state.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { isPhoneModel } from '../../phones/family/family.ts'
import { generationOfFirstRequest, readRequestedFile } from '../../phones/requested-file.ts'
import { readVendorClass } from '../../phones/vendor-class.ts'
import { DeviceEvents, isOfPhone } from './device-events.ts'
import { EventStore } from './event-store.ts'
import type { Observation, ObservedEvent } from './observation/observed-event.ts'
import { PhoneObserver } from './observation/phone-observer.ts'
import { type OtherModel, otherDevice } from './other-device.ts'
import { repeatedBoots } from './repeated-boots.ts'
import type { ServerEvent } from './server-log/server-event.ts'
import { newStory, type Story, type StoryLine } from './story.ts'

/** One phone, as `switchhook explain --json` prints it. */
export type ExplainedPhone = Observation & {
  readonly mac: Mac | null
  readonly address: string | null
  readonly model: string | null
  readonly timeline: readonly StoryLine[]
}

/** A phone, and how many lines of its timeline were left out. */
export type ExplainedEntry = {
  readonly phone: ExplainedPhone
  /** Where the lines that are left out would stand, and how many. */
  readonly left: { readonly at: number; readonly lines: number }
}

/** How phones are told. */
export type TellOptions = {
  /** How many times faster than real ones the phones were; simulated ones may be. */
  readonly speed?: number
  /** Lines of a timeline that are told at either end; null for all up to a bound. */
  readonly ends?: number | null
}

/** Devices that are told apart; what comes after so many is left out. */
const MOST_PHONES = 60_000
/** In a log of DHCP alone so few devices are told of, though nothing says that they are phones. */
const MOST_CANDIDATES = 20

/** The same as {@link explainEach} of events that are there already, with whole timelines. */
export function explainPhones(
  events: readonly ServerEvent[],
  { speed = 1 }: { readonly speed?: number } = {},
): readonly ExplainedPhone[] {
  const store = new EventStore()
  for (const event of events) store.add(event)
  return Array.from(explainEach(store, { speed }), ({ phone }) => phone)
}

/**
 * Tells the events of another server phone by phone, and runs each through the tracker
 * that follows conversions of our own. Devices that ask for no file of a phone are left out; where there
 * is nothing but DHCP, those that got an address are told of.
 *
 * One phone is followed at a time: all of them at once would not fit where a log is large.
 */
export function* explainEach(
  store: EventStore,
  { speed = 1, ends = null }: TellOptions = {},
): Generator<ExplainedEntry> {
  const order = store.inOrder()
  const beginMs = order.length === 0 ? 0 : store.atMsOf(order[0] as number)
  const phoneTime = (atMs: number) => beginMs + (atMs - beginMs) * speed
  const endMs = order.length === 0 ? 0 : phoneTime(store.atMsOf(order.at(-1) as number))
  const devices = new DeviceEvents(store, order, MOST_PHONES)
  const isStart = store.testShapes(beginsBoot)
  const phones = devices.list.filter(({ isPhone }) => isPhone)
  const candidates = devices.list.filter(({ hasAddress }) => hasAddress)
  const isDhcpAlone =
    phones.length === 0 && !devices.hasFiles && candidates.length <= MOST_CANDIDATES
  for (const { mac, isTimed, number } of isDhcpAlone ? candidates : phones) {
    const device = new Device(mac, isTimed, ends)
    const indices = devices.eventsOf(number)
    const passed = repeatedBoots(
      indices.map((index) => store.shapeOf(index)),
      isStart,
    )
    for (const [nth, index] of indices.entries()) {
      const event = store.at(index)
      device.add(event)
      if (passed[nth] === 0) device.follow(event, phoneTime(event.atMs))
    }
    yield device.explain(endMs)
  }
}

/** What begins a boot: a start that DHCP saw, or the first file of either generation. */
function beginsBoot(event: ServerEvent): boolean {
  if (event.kind !== 'request') return event.kind === 'boot'
  return generationOfFirstRequest(readRequestedFile(event.name)) !== null
}

class Device {
  readonly #mac: Mac | null
  readonly #observer: PhoneObserver
  readonly #story: Story
  readonly #isWhole: boolean
  #address: Ipv4 | null = null
  #model: string | null = null
  #other: OtherModel | null = null
  #isPhone = false

  constructor(mac: Mac | null, isTimed: boolean, ends: number | null) {
    this.#mac = mac
    this.#observer = new PhoneObserver(mac, isTimed)
    this.#story = newStory(ends)
    this.#isWhole = ends === null
  }

  /** The next event, as a line of the story. */
  add(event: ServerEvent): void {
    // A renewal is no news.
    if (event.kind !== 'address' || event.address !== this.#address) this.#story.add(event)
  }

  /** @param atMs - When it was, in the time of the phone. */
  follow(event: ServerEvent, atMs: number): void {
    this.#isPhone ||= isOfPhone(event)
    const observed = this.#observedEventOf(event)
    if (observed !== null) this.#observer.add({ ...observed, atMs })
  }

  explain(endMs: number): ExplainedEntry {
    const seen = this.#observer.observe(endMs)
    const { first, left, last } = this.#story.lines()
    const about = {
      mac: this.#mac,
      address: addressShown(this.#address),
      model: this.#model,
    }
    const lines = { at: first.length, lines: left }
    const timeline = this.#isWhole ? withCount(first, left) : [...first, ...last]
    if (this.#other === null) {
      const notes = this.#isPhone ? seen.notes : [...seen.notes, NO_PHONE_PROVED]
      return { phone: { ...about, ...seen, notes, timeline }, left: lines }
    }
    const other = otherDevice(this.#other)
    return { phone: { ...about, model: this.#other.model, ...other, timeline }, left: lines }
  }

  #observedEventOf(event: ServerEvent): ObservedEvent | null {
    const { atMs } = event
    switch (event.kind) {
      case 'boot':
        return { kind: 'boot', generation: this.#readClass(event.vendorClass), atMs }
      case 'address':
        this.#address = event.address
        return { kind: 'dhcp', address: { kind: 'granted' }, atMs }
      case 'dhcp':
        return { kind: 'dhcp', address: addressEvent(event), atMs }
      case 'reply':
        return { kind: 'reply', naming: event.naming, atMs }
      case 'registration':
        return this.#register(event)
      default:
        return this.#transferEvent(event)
    }
  }

  #transferEvent(
    event: ServerEvent & { readonly kind: 'request' | 'absent' | 'ended' | 'blocked' },
  ): ObservedEvent {
    const { atMs, name } = event
    switch (event.kind) {
      case 'request': {
        this.#address = event.client
        this.#readName(name)
        const { server } = event
        return {
          kind: 'request',
          name,
          ...portOf(event),
          ...(server === undefined ? {} : { server }),
          atMs,
        }
      }
      case 'absent':
        return { kind: 'absent', name, atMs }
      case 'ended':
        return { kind: 'ended', name, outcome: event.outcome, ...portOf(event), atMs }
      case 'blocked':
        return { kind: 'blocked', name, by: event.by, reason: event.reason, atMs }
      default:
        return event satisfies never
    }
  }

  #register(event: ServerEvent & { readonly kind: 'registration' }): ObservedEvent {
    const { client, protocol, step, load, model, atMs } = event
    this.#address ??= client
    this.#model = model ?? this.#model
    if (model !== null && !isPhoneModel(model)) {
      this.#other = { model, name: null, why: '' }
    }
    return { kind: 'registration', protocol, step, load, atMs }
  }

  #readClass(vendorClass: string | null): 'pre-ual' | 'ual' | null {
    const read = readVendorClass(vendorClass ?? '')
    if (read.kind === 'not-a-phone') return null
    this.#model = read.model ?? this.#model
    if (read.kind === 'family') return read.generation
    this.#other = { model: read.model, name: null, why: '' }
    return null
  }

  #readName(name: string): void {
    const file = readRequestedFile(name)
    if (file.kind !== 'other-model') return
    const { model, why } = file
    // A model tells more than a family of them.
    if (this.#other === null || (isModel(model) && !isModel(this.#other.model))) {
      this.#other = { model, name, why }
    }
  }
}

/** Lines beyond the bound are counted in a line of their own. */
function withCount(lines: readonly StoryLine[], left: number): readonly StoryLine[] {
  const last = lines.at(-1)
  if (left === 0 || last === undefined) return lines
  return [...lines, { at: last.at, atMs: last.atMs, text: `and ${left} things more` }]
}

function portOf({ port }: { readonly port?: number }): { readonly port?: number } {
  return port === undefined ? {} : { port }
}

function isModel(model: string): boolean {
  return /^\d{4}$/.test(model)
}

/** 0.0.0.0/8 belongs to no device (RFC 1122 section 3.2.1.3): a trace or log that tells no address. */
function addressShown(address: Ipv4 | null): string | null {
  return address === null || address < 2 ** 24 ? null : formatIpv4(address)
}

const NO_PHONE_PROVED =
  'Nothing here says that this is a phone: neither its host name nor its vendor class, and there is no request ' +
  'for a file. Give the log of the TFTP server, too.'

function addressEvent({ outcome, reason }: ServerEvent & { readonly kind: 'dhcp' }): AddressEvent {
  return outcome === 'refused' ? { kind: 'ignored', reason } : { kind: outcome }
}
