import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { type ClientMessage, keyOf, Type } from '../kills/dhcp-datagram.ts'
import type { LeaseLedger, Promised } from '../kills/lease-ledger.ts'
import { BRIEF_SECONDS } from './places.ts'
import type { Heard, Vlan } from './vlan.ts'

/** What all clients share. */
export type ClientParts = {
  readonly vlan: Vlan
  readonly ledger: LeaseLedger
  readonly chance: PseudoRandom
  readonly nowMs: () => number
}

/** Under load nobody waits long, in milliseconds: the server may be dead. */
const LOAD_MS = 400

/** After healing everybody is heard, however busy the machine is. */
const CHECK_TRIES = 8
const CHECK_MS = 1500

/** A DHCP client on the VLAN that writes down what it was promised. */
export class VlanClient {
  /** As the API names it. */
  readonly key: string
  readonly #parts: ClientParts
  readonly #hardware: Buffer
  readonly #requested: { readonly leaseSeconds?: number }
  /** Whom the last ACK came from. */
  #server = '255.255.255.255'

  /** @param index - Up to 65,535; each run of a client with the same one is the same client. */
  constructor(index: number, parts: ClientParts, isBrief: boolean) {
    this.#parts = parts
    this.#hardware = Buffer.from([2, 0, 0, 0x10, index >> 8, index & 255])
    this.key = keyOf({ hardware: this.#hardware, identifier: null })
    this.#requested = isBrief ? { leaseSeconds: BRIEF_SECONDS } : {}
  }

  /** One exchange of any kind. */
  async act(): Promise<void> {
    const { ledger, chance, nowMs } = this.#parts
    const lease = ledger.of(this.key, nowMs())
    if (lease === undefined) {
      await this.acquire(LOAD_MS)
      return
    }
    const dice = chance.below(100)
    if (dice < 35) await this.#renew(lease)
    else if (dice < 65) await this.#rebind(lease, LOAD_MS)
    else if (dice < 80) await this.#reboot(lease)
    else if (dice < 92) await this.acquire(LOAD_MS)
    else this.#release(lease)
  }

  /**
   * DISCOVER, OFFER, REQUEST, ACK; whether it was acknowledged.
   *
   * @param ackWithinMs - An ACK waits for PostgreSQL, an OFFER does not.
   */
  async acquire(withinMs: number, ackWithinMs = withinMs): Promise<boolean> {
    const { vlan, ledger } = this.#parts
    const offer = await vlan.ask(this.#message(Type.discover), withinMs)
    if (offer?.type !== Type.offer) return false
    const { yiaddr: requested, server } = offer
    const asked = { ...this.#message(Type.request), requested, server }
    const reply = await vlan.ask(asked, ackWithinMs)
    // A client that starts again has no lease until it hears of one (RFC 2131 section 4.4.1,
    // figure 5): this one may be a moment shorter than the last, because an OFFER names whole seconds.
    if (reply === undefined) ledger.onGivenBack(this.key)
    if (reply?.type !== Type.ack) return false
    this.#note(reply)
    return true
  }

  /** Asks for a lease that must be there; silence is a broken promise as well. */
  async check(lease: Promised): Promise<void> {
    for (let attempt = 0; attempt < CHECK_TRIES; attempt++) {
      if (await this.#rebind(lease, CHECK_MS)) return
    }
    this.#parts.ledger.breach(`I2 ${lease.address} of ${this.key}: no answer to its renewal`)
  }

  /** A renewal at all servers and a restart, as every client with a lease does sooner or later. */
  async goOn(): Promise<void> {
    const { ledger, nowMs } = this.#parts
    const lease = ledger.of(this.key, nowMs())
    if (lease !== undefined) await this.#rebind(lease, LOAD_MS)
    const again = ledger.of(this.key, nowMs())
    if (again !== undefined) await this.#reboot(again)
  }

  #release(lease: Promised): void {
    const { vlan, ledger } = this.#parts
    ledger.onGivenBack(this.key)
    const message = { ...this.#message(Type.release), ciaddr: lease.address }
    vlan.report({ ...message, server: this.#server }, this.#server)
  }

  /** RENEWING: at the server that gave the lease (RFC 2131 section 4.3.2). */
  async #renew(lease: Promised): Promise<void> {
    const asked = { ...this.#message(Type.request), ciaddr: lease.address }
    this.#judge(await this.#parts.vlan.ask(asked, LOAD_MS, this.#server))
  }

  /** REBINDING: at all of them; whether it was answered. */
  async #rebind(lease: Promised, withinMs: number): Promise<boolean> {
    const asked = { ...this.#message(Type.request), ciaddr: lease.address }
    return this.#judge(await this.#parts.vlan.ask(asked, withinMs))
  }

  /** INIT-REBOOT. */
  async #reboot(lease: Promised): Promise<void> {
    const asked = { ...this.#message(Type.request), requested: lease.address }
    this.#judge(await this.#parts.vlan.ask(asked, LOAD_MS))
  }

  /** A NAK is judged where every reply is heard. */
  #judge(reply: Heard | undefined): boolean {
    if (reply === undefined) return false
    if (reply.type === Type.ack) this.#note(reply)
    else this.#parts.ledger.onGivenBack(this.key)
    return true
  }

  #note({ yiaddr, leaseSeconds, server, saidAtMs }: Heard): void {
    const { ledger, nowMs } = this.#parts
    this.#server = server
    const untilMs = saidAtMs + leaseSeconds * 1000
    ledger.onAck({ client: this.key, address: yiaddr, untilMs }, nowMs())
  }

  #message(type: number): ClientMessage {
    return { type, hardware: this.#hardware, identifier: null, ...this.#requested }
  }
}
