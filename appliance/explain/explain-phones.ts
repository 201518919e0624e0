import type { AddressSign } from '../../src/conversion/address-reading.ts'
import { PhoneObserver } from '../../src/conversion/observation/phone-observer.ts'
import type { Observation, Sign } from '../../src/conversion/observation/sign.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { readVendorClass } from '../../src/phones/vendor-class.ts'
import type { ServerEvent } from '../../src/wire/server-log/server-event.ts'
import { Attribution } from './attribution.ts'
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

/**
 * Tells the events of somebody else's server phone by phone, and runs each through the tracker
 * that follows conversions of our own. Devices that ask for no file of a phone are left out.
 */
export function explainPhones(events: readonly ServerEvent[]): readonly ExplainedPhone[] {
  const sorted = events
    .map((event, index) => ({ event, index }))
    .sort((a, b) => a.event.atMs - b.event.atMs || a.index - b.index)
    .map(({ event }) => event)
  const endMs = sorted.at(-1)?.atMs ?? 0
  const attribution = new Attribution(sorted)
  const devices = new Map<string, Device>()
  for (const event of sorted) {
    const mac = 'mac' in event ? event.mac : attribution.macAt(event.client, event.atMs)
    const key = mac ?? ('client' in event ? formatIpv4(event.client) : '')
    let device = devices.get(key)
    if (device === undefined) {
      if (devices.size >= MOST_PHONES) continue
      device = new Device(mac)
      devices.set(key, device)
    }
    device.add(event)
  }
  return [...devices.values()]
    .filter((device) => device.isPhone)
    .map((device) => device.explain(endMs))
}

class Device {
  readonly #mac: Mac | null
  readonly #observer: PhoneObserver
  readonly #story: Story = tellStory()
  #address: Ipv4 | null = null
  #model: string | null = null
  #isOtherPhone = false
  isPhone = false

  constructor(mac: Mac | null) {
    this.#mac = mac
    this.#observer = new PhoneObserver(mac)
  }

  add(event: ServerEvent): void {
    // A renewal is no news.
    if (event.kind !== 'address' || event.address !== this.#address) this.#story.add(event)
    const sign = this.#signOf(event)
    if (sign !== null) this.#observer.add(sign)
  }

  explain(endMs: number): ExplainedPhone {
    const seen = this.#observer.observe(endMs)
    const address = this.#address === null ? null : formatIpv4(this.#address)
    const timeline = this.#story.lines()
    const rest = { mac: this.#mac, address, model: this.#model }
    if (!this.#isOtherPhone && seen.verdict !== 'other-device')
      return { ...rest, ...seen, timeline }
    return { ...rest, ...OTHER_DEVICE, timeline }
  }

  #signOf(event: ServerEvent): Sign | null {
    const { atMs } = event
    switch (event.kind) {
      case 'boot':
        return { kind: 'boot', generation: this.#readClass(event.vendorClass), atMs }
      case 'address':
        this.#address = event.address
        // All of Cisco's phones call themselves so, on whatever load.
        this.isPhone ||= /^S[EI]P[0-9A-F]{12}$/i.test(event.hostName ?? '')
        return { kind: 'dhcp', address: { kind: 'granted' }, atMs }
      case 'dhcp':
        return { kind: 'dhcp', address: addressSign(event), atMs }
      case 'told':
        return { kind: 'told', naming: event.naming, atMs }
      case 'request': {
        this.#address = event.client
        this.#readName(event.name)
        const { name, server } = event
        return { kind: 'request', name, ...(server === undefined ? {} : { server }), atMs }
      }
      case 'absent':
        return { kind: 'absent', name: event.name, atMs }
      case 'ended':
        return { kind: 'ended', name: event.name, outcome: event.outcome, atMs }
      default:
        return event satisfies never
    }
  }

  #readClass(vendorClass: string | null): 'pre-ual' | 'ual' | null {
    const read = readVendorClass(vendorClass ?? '')
    if (read.kind === 'not-a-phone') return null
    this.isPhone = true
    this.#model = read.model ?? this.#model
    if (read.kind === '7940-7960') return read.generation
    this.#isOtherPhone = true
    return null
  }

  #readName(name: string): void {
    const file = readRequestedFile(name)
    if (file.kind === 'other') return
    this.isPhone = true
    if (file.kind === 'other-model') this.#model ??= file.model
  }
}

function addressSign({ outcome, reason }: ServerEvent & { readonly kind: 'dhcp' }): AddressSign {
  return outcome === 'refused' ? { kind: 'ignored', reason } : { kind: outcome }
}

const OTHER_DEVICE: Observation = {
  generation: null,
  protocol: null,
  load: null,
  target: null,
  verdict: 'other-device',
  notes: [],
  diagnosis: {
    code: 'other-model',
    seen: 'The device says that it is, or asks for files as, another model than a 7940 or 7960.',
    cause:
      'A 7941, 7961 or 7970 boots from files of its own, as do the 7905, 7912 and wireless phones.',
    remedy:
      'Read the model on the back of the phone: its firmware is not interchangeable with that of a ' +
      '7940 or 7960.',
    source: 'Cisco Unified CME administration guide, chapter on installation (cmeinstl)',
  },
}
