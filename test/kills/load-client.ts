import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import type { Patience } from '../support/dhcp-relay-socket.ts'
import { keyOf, type ServerReply, Type } from './dhcp-datagram.ts'
import type { LeaseLedger, Promised } from './lease-ledger.ts'
import type { RelayAgent } from './relay-agent.ts'

/** What every client of a load shares. */
export type LoadParts = {
  readonly relay: RelayAgent
  readonly ledger: LeaseLedger
  readonly chance: PseudoRandom
  readonly nowMs: () => number
}

/** Under load nobody waits long: the server may be dead. */
const LOAD: Patience = { tries: 1, eachMs: 300 }

/** After a restart everybody is heard, however busy the machine is. */
const CHECK: Patience = { tries: 6, eachMs: 1500 }

/** What a client of some leases asks for; below the server's default, so that leases run out. */
const SHORT_LEASE_SECONDS = 60

/** A DHCP client behind the relay agent that does something else each time. */
export class LoadClient {
  /** As the API names it. */
  readonly key: string
  readonly #parts: LoadParts
  readonly #hardware: Buffer
  readonly #identifier: Buffer | null
  readonly #options: { readonly leaseSeconds?: number }

  /** @param index - Up to 16 million; odd ones name themselves by option 61, every third is brief. */
  constructor(index: number, parts: LoadParts) {
    this.#parts = parts
    this.#hardware = Buffer.alloc(6)
    this.#hardware.writeUInt8(2)
    this.#hardware.writeUIntBE(index, 3, 3)
    this.#identifier = index % 2 === 1 ? Buffer.from(`client-${index}`) : null
    this.#options = index % 3 === 0 ? { leaseSeconds: SHORT_LEASE_SECONDS } : {}
    this.key = keyOf({ hardware: this.#hardware, identifier: this.#identifier })
  }

  /** One exchange of any kind. */
  async act(): Promise<void> {
    const { ledger, chance, nowMs } = this.#parts
    const lease = ledger.of(this.key, nowMs())
    if (lease === undefined) return this.#acquire()
    const dice = chance.below(100)
    if (dice < 55) this.#judge(lease, await this.#renew(lease, LOAD))
    else if (dice < 70) await this.#reboot(lease)
    else if (dice < 85) await this.#acquire()
    else await this.#release(lease)
  }

  /** Renews a lease that must be there; silence is a broken promise as well. */
  async check(lease: Promised): Promise<void> {
    const reply = await this.#renew(lease, CHECK)
    if (reply === undefined) {
      this.#parts.ledger.breach(`${lease.address} of ${this.key}: no answer to its renewal`)
    }
    this.#judge(lease, reply)
  }

  /** DISCOVER, OFFER, REQUEST, ACK. Wherever the server is silent, it ends. */
  async #acquire(): Promise<void> {
    const { relay, nowMs } = this.#parts
    const offer = await relay.relay({ ...this.#message(Type.discover), ...this.#options }, LOAD)
    if (offer?.type !== Type.offer) return
    const askedAtMs = nowMs()
    const { yiaddr: requested, server } = offer
    const request = { ...this.#message(Type.request), ...this.#options, requested, server }
    const reply = await relay.relay(request, LOAD)
    if (reply?.type === Type.ack) this.#note(reply, askedAtMs)
  }

  /** RENEWING past the relay agent, or REBINDING through it (RFC 2131 section 4.3.2). */
  async #renew({ address }: Promised, patience: Patience) {
    const { relay, chance, nowMs } = this.#parts
    const message = { ...this.#message(Type.request), ...this.#options, ciaddr: address }
    const askedAtMs = nowMs()
    const reply = chance.happens(0.5)
      ? await relay.unicast(message, patience)
      : await relay.relay(message, patience)
    // Counted from the first try: the promise is then rather too short than too long.
    return reply === undefined ? undefined : { ...reply, askedAtMs }
  }

  /** INIT-REBOOT (RFC 2131 section 4.3.2). */
  async #reboot(lease: Promised): Promise<void> {
    const { relay, nowMs } = this.#parts
    const askedAtMs = nowMs()
    const message = { ...this.#message(Type.request), ...this.#options, requested: lease.address }
    const reply = await relay.relay(message, LOAD)
    this.#judge(lease, reply === undefined ? undefined : { ...reply, askedAtMs })
  }

  async #release({ address }: Promised): Promise<void> {
    const { relay, ledger } = this.#parts
    ledger.onGivenBack(this.key)
    const { server } = relay
    await relay.report({ ...this.#message(Type.release), ciaddr: address, server })
  }

  /** A client that has a lease, and has it still when the answer comes, must not be told otherwise. */
  #judge(lease: Promised, reply: (ServerReply & { readonly askedAtMs: number }) | undefined): void {
    const { ledger, nowMs } = this.#parts
    if (reply === undefined) return
    if (reply.type === Type.ack) {
      this.#note(reply, reply.askedAtMs)
      return
    }
    if (lease.untilMs > nowMs()) {
      ledger.breach(`${lease.address} of ${this.key}: answered by a NAK`)
    }
    ledger.onGivenBack(this.key)
  }

  #note({ yiaddr, leaseSeconds }: ServerReply, askedAtMs: number): void {
    const { ledger, nowMs } = this.#parts
    const untilMs = askedAtMs + leaseSeconds * 1000
    ledger.onAck({ client: this.key, address: yiaddr, untilMs }, nowMs())
  }

  #message(type: number) {
    return { type, hardware: this.#hardware, identifier: this.#identifier }
  }
}
