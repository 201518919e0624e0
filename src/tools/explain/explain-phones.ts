import type { AddressSign } from '../../conversion/address-reading.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { isPhoneModel } from '../../phones/family/family.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import { readVendorClass } from '../../phones/vendor-class.ts'
import { Attribution } from './attribution.ts'
import { PhoneObserver } from './observation/phone-observer.ts'
import type { Observation, Sign } from './observation/sign.ts'
import { type OtherModel, otherDevice } from './other-device.ts'
import type { ServerEvent } from './server-log/server-event.ts'
import { type Story, type StoryLine, tellStory } from './story.ts'

/** One phone, as `switchhook explain --json` prints it. */
export type ExplainedPhone = Observation & {
  readonly mac: Mac | null
  readonly address: string | null
  readonly model: string | null
  readonly timeline: readonly StoryLine[]
}

/** Devices that are told apart; what comes after so many is left out. */
const MOST_PHONES = 10_000
/** In a log of DHCP alone so few devices are told of, though nothing says that they are phones. */
const MOST_CANDIDATES = 20

/**
 * Tells the events of somebody else's server phone by phone, and runs each through the tracker
 * that follows conversions of our own. Devices that ask for no file of a phone are left out; where there
 * is nothing but DHCP, those that got an address are told of.
 *
 * @param speed - How many times faster than real ones the phones were; simulated ones may be.
 */
export function explainPhones(
  events: readonly ServerEvent[],
  { speed = 1 }: { readonly speed?: number } = {},
): readonly ExplainedPhone[] {
  const sorted = events
    .map((event, index) => ({ event, index }))
    .sort((a, b) => a.event.atMs - b.event.atMs || a.index - b.index)
    .map(({ event }) => event)
  const beginMs = sorted[0]?.atMs ?? 0
  const phoneTime = (atMs: number) => beginMs + (atMs - beginMs) * speed
  const endMs = phoneTime(sorted.at(-1)?.atMs ?? 0)
  const devices = devicesIn(sorted, phoneTime)
  const phones = devices.filter((device) => device.isPhone)
  const hasFiles = sorted.some(({ kind }) => kind === 'request')
  const candidates = devices.filter((device) => device.hasAddress)
  const isDhcpAlone = phones.length === 0 && !hasFiles && candidates.length <= MOST_CANDIDATES
  return (isDhcpAlone ? candidates : phones).map((device) => device.explain(endMs))
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: 14 on 2026-11-30, when the limit came; to be split
function devicesIn(
  sorted: readonly ServerEvent[],
  phoneTime: (atMs: number) => number,
): readonly Device[] {
  const attribution = new Attribution(sorted)
  const devices = new Map<string, Device>()
  for (const event of sorted) {
    if (event.kind === 'address' && event.isGuess === true && !attribution.isBelieved(event))
      continue
    const isOfClient = 'client' in event
    const mac = isOfClient ? attribution.macOf(event) : event.mac
    const key = mac ?? (isOfClient ? formatIpv4(event.client) : '')
    let device = devices.get(key)
    if (device === undefined) {
      if (devices.size >= MOST_PHONES) continue
      device = new Device(mac, event.clock !== 'none')
      devices.set(key, device)
    }
    device.add(event, phoneTime(event.atMs))
  }
  return [...devices.values()]
}

class Device {
  readonly #mac: Mac | null
  readonly #observer: PhoneObserver
  readonly #story: Story = tellStory()
  #address: Ipv4 | null = null
  #model: string | null = null
  #other: OtherModel | null = null
  isPhone = false
  hasAddress = false

  constructor(mac: Mac | null, isTimed: boolean) {
    this.#mac = mac
    this.#observer = new PhoneObserver(mac, isTimed)
  }

  /** @param atMs - When it was, in the time of the phone. */
  add(event: ServerEvent, atMs: number): void {
    // A renewal is no news.
    if (event.kind !== 'address' || event.address !== this.#address) this.#story.add(event)
    const sign = this.#signOf(event)
    if (sign !== null) this.#observer.add({ ...sign, atMs })
  }

  explain(endMs: number): ExplainedPhone {
    const seen = this.#observer.observe(endMs)
    const address = addressShown(this.#address)
    const timeline = this.#story.lines()
    const rest = { mac: this.#mac, address, model: this.#model }
    if (this.#other === null) {
      const notes = this.isPhone ? seen.notes : [...seen.notes, NO_PHONE_PROVED]
      return { ...rest, ...seen, notes, timeline }
    }
    return { ...rest, model: this.#other.model, ...otherDevice(this.#other), timeline }
  }

  #signOf(event: ServerEvent): Sign | null {
    const { atMs } = event
    switch (event.kind) {
      case 'boot':
        return { kind: 'boot', generation: this.#readClass(event.vendorClass), atMs }
      case 'address':
        this.#address = event.address
        this.hasAddress = true
        // All of Cisco's phones call themselves so, on whatever load.
        this.isPhone ||= /^S[EI]P[0-9A-F]{12}$/i.test(event.hostName ?? '')
        return { kind: 'dhcp', address: { kind: 'granted' }, atMs }
      case 'dhcp':
        return { kind: 'dhcp', address: addressSign(event), atMs }
      case 'told':
        return { kind: 'told', naming: event.naming, atMs }
      case 'registration':
        return this.#register(event)
      default:
        return this.#transferSign(event)
    }
  }

  #transferSign(
    event: ServerEvent & { readonly kind: 'request' | 'absent' | 'ended' | 'blocked' },
  ): Sign {
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

  #register(event: ServerEvent & { readonly kind: 'registration' }): Sign {
    const { client, protocol, step, load, model, atMs } = event
    this.#address ??= client
    this.isPhone = true
    this.#model = model ?? this.#model
    if (model !== null && !isPhoneModel(model)) {
      this.#other = { model, name: null, why: '' }
    }
    return { kind: 'registration', protocol, step, load, atMs }
  }

  #readClass(vendorClass: string | null): 'pre-ual' | 'ual' | null {
    const read = readVendorClass(vendorClass ?? '')
    if (read.kind === 'not-a-phone') return null
    this.isPhone = true
    this.#model = read.model ?? this.#model
    if (read.kind === 'family') return read.generation
    this.#other = { model: read.model, name: null, why: '' }
    return null
  }

  #readName(name: string): void {
    const file = readRequestedFile(name)
    if (file.kind === 'other') return
    this.isPhone = true
    if (file.kind !== 'other-model') return
    const { model, why } = file
    // A model tells more than a family of them.
    if (this.#other === null || (isModel(model) && !isModel(this.#other.model))) {
      this.#other = { model, name, why }
    }
  }
}

function portOf({ port }: { readonly port?: number }): { readonly port?: number } {
  return port === undefined ? {} : { port }
}

function isModel(model: string): boolean {
  return /^\d{4}$/.test(model)
}

/** 0.0.0.0/8 is nobody's (RFC 1122 section 3.2.1.3): a trace or log that tells no address. */
function addressShown(address: Ipv4 | null): string | null {
  return address === null || address < 2 ** 24 ? null : formatIpv4(address)
}

const NO_PHONE_PROVED =
  'Nothing here says that this is a phone: neither its host name nor its vendor class, and there is no request ' +
  'for a file. Give the log of the TFTP server, too.'

function addressSign({ outcome, reason }: ServerEvent & { readonly kind: 'dhcp' }): AddressSign {
  return outcome === 'refused' ? { kind: 'ignored', reason } : { kind: outcome }
}
