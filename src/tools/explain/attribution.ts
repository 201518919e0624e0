import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import type { ServerEvent } from './server-log/server-event.ts'

type Claim = { readonly atMs: number; readonly mac: Mac }

type AddressEvent = Extract<ServerEvent, { readonly kind: 'address' }>

type OfClient = Extract<ServerEvent, { readonly client: Ipv4 }>

/** A phone counts its ports up by one for each file; one or two may go to something else. */
const NEXT_PORTS = 4

/**
 * Who held which address when: by DHCP, and by the names that phones ask for, which hold their MAC.
 */
export class Attribution {
  readonly #claims = new Map<Ipv4, Claim[]>()
  /** Several phones behind one address (address translation): the last port of each. */
  readonly #ports = new Map<Ipv4, Map<Mac, number>>()

  /** @param events - In the order of time. */
  constructor(events: Iterable<ServerEvent>) {
    const guesses: AddressEvent[] = []
    for (const event of events) {
      if (event.kind === 'address' && event.isGuess === true) guesses.push(event)
      else this.#claimBy(event)
    }
    // Behind a router the sender of a frame is the router: what a phone says of itself goes before.
    for (const guess of guesses) {
      if (!this.#claims.has(guess.address)) this.#claim(guess.address, guess)
    }
  }

  /** Keeps who has an address, where the event says so. */
  #claimBy(event: ServerEvent): void {
    if (event.kind === 'address') this.#claim(event.address, event)
    if (event.kind === 'registration' && event.mac !== null) {
      this.#claim(event.client, { mac: event.mac, atMs: event.atMs })
    }
    const mac = macNamedBy(event)
    if (mac !== null && 'client' in event) this.#claim(event.client, { mac, atMs: event.atMs })
  }

  /** Whether a sender's address was taken for that of a phone, because nothing better is known. */
  isBelieved({ mac, address }: AddressEvent): boolean {
    return this.#claims.get(address)?.some((claim) => claim.mac === mac) === true
  }

  /** Which phone an event is about; asked in the order of time. */
  macOf(event: OfClient): Mac | null {
    const named = macNamedBy(event)
    const mac = named ?? this.#byPort(event) ?? this.macAt(event.client, event.atMs)
    if (event.kind === 'request' && event.port !== undefined && mac !== null) {
      const ports = this.#ports.get(event.client) ?? new Map<Mac, number>()
      this.#ports.set(event.client, ports.set(mac, event.port))
    }
    return mac
  }

  /**
   * Who held the address at this time. Before the first claim it is taken for the first one's: a
   * phone asks for `OS79XX.TXT` before any name that tells who it is.
   */
  macAt(address: Ipv4, atMs: number): Mac | null {
    const claims = this.#claims.get(address) ?? []
    const held = claims.findLast((claim) => claim.atMs <= atMs)
    return (held ?? claims[0])?.mac ?? null
  }

  #byPort(event: OfClient): Mac | null {
    const port = 'port' in event ? event.port : undefined
    const ports = this.#ports.get(event.client)
    if (port === undefined || ports === undefined || ports.size < 2) return null
    const steps = [...ports].map(([mac, last]) => ({ mac, step: port - last }))
    const near = steps.filter(({ step }) => step >= 0 && step <= NEXT_PORTS)
    return near.sort((a, b) => a.step - b.step)[0]?.mac ?? null
  }

  #claim(address: Ipv4, { atMs, mac }: Claim): void {
    const claims = this.#claims.get(address)
    if (claims === undefined) this.#claims.set(address, [{ atMs, mac }])
    // Only changes are kept: a renewal tells nothing.
    else if (claims.at(-1)?.mac !== mac) claims.push({ atMs, mac })
  }
}

function macNamedBy(event: ServerEvent): Mac | null {
  if (event.kind !== 'request' && event.kind !== 'absent' && event.kind !== 'ended') return null
  const file = readRequestedFile(event.name)
  return 'mac' in file ? (file.mac as Mac) : null
}
