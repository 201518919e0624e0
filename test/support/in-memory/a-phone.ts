import { formatIpv4, type Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { aDiscover, aRequest, type MessageParts } from '../a-dhcp-message.ts'
import { anRrq, LISTENER } from '../tftp-lab.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Wire } from './wire.ts'

const BLOCK_BYTES = 512
const FIRST_PORT = 50_000

/** From the last image to the first file of the application: 38 to 53 s (field traces). */
const START_MS = 53_000

/** A phone on the wire that does what a test says: it gets an address, asks for files and reads them. */
export class PhoneOnWire {
  readonly mac: Mac
  readonly #wire: Wire
  readonly #clock: VirtualClock
  #address: Ipv4 | null
  #port = FIRST_PORT

  /** @param address - Where it is before it has asked for an address; null: nowhere. */
  constructor(wire: Wire, mac: Mac, address: Ipv4 | null = null) {
    this.#wire = wire
    this.#clock = wire.clock
    this.mac = mac
    this.#address = address
    if (address !== null) wire.hardware.set(address, mac)
  }

  get address(): Ipv4 {
    if (this.#address === null) throw new Error(`${this.mac} has no address`)
    return this.#address
  }

  /** Starts: DISCOVER and REQUEST. The address that it has got, or null. */
  async boots(parts: MessageParts = {}): Promise<string | null> {
    const own = { mac: this.mac, ...parts }
    const [offer] = await this.#wire.dhcp(aDiscover(own))
    if (offer === undefined) return null
    const requested = formatIpv4(offer.yiaddr)
    const [ack] = await this.#wire.dhcp(aRequest({ ...own, requested, serverId: '10.20.0.2' }))
    if (ack === undefined) return null
    this.#address = ack.yiaddr
    this.#wire.hardware.set(ack.yiaddr, this.mac)
    return formatIpv4(ack.yiaddr)
  }

  /**
   * Goes the way of a phone with a universal loader to a load: reads what names it and its images, and
   * starts it as its application does.
   */
  async converts(load: string): Promise<void> {
    const loader = load.replace(/^P0S3-/, 'P003-')
    this.starts()
    this.fetches(`SEP${this.mac}.cnf.xml`, `${load}.loads`, `${loader}.sbn`, `${load}.sb2`)
    await this.#clock.pass(START_MS)
    this.fetches('SIPDefault.cnf', `SIP${this.mac}.cnf`)
  }

  /** Starts as a phone with a universal loader, and says no more: its first file, which is not there. */
  starts(): void {
    this.asksFor(`CTLSEP${this.mac}.tlv`)
  }

  /** Asks for a file and takes no block of it: whether it is being sent. */
  asksFor(name: string): boolean {
    return this.#request(name).some(({ packet }) => packet.kind === 'data')
  }

  /** Asks for files one after another and reads those that there are. */
  fetches(...names: readonly string[]): void {
    for (const name of names) this.reads(name)
  }

  /**
   * Reads a file; null where there is none.
   *
   * @param most - Blocks that it acknowledges; then it falls silent.
   */
  reads(name: string, most = Number.POSITIVE_INFINITY): Uint8Array | null {
    const port = this.#port + 1
    const parts: Uint8Array[] = []
    let heard = this.#request(name)
    for (;;) {
      const [first] = heard
      if (first?.packet.kind !== 'data') return parts.length === 0 ? null : Buffer.concat(parts)
      const { packet, channel } = first
      if (parts.length >= most) return Buffer.concat(parts)
      parts.push(packet.payload.slice())
      const from = { client: this.address, clientPort: port }
      heard = this.#wire.tftp({ kind: 'ack', block: packet.block }, from, channel)
      if (packet.payload.length < BLOCK_BYTES) return Buffer.concat(parts)
    }
  }

  #request(name: string) {
    this.#port += 1
    const from = { client: this.address, clientPort: this.#port }
    return this.#wire.tftp(anRrq(name), from, LISTENER)
  }
}
