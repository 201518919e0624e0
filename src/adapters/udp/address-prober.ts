import type { Ipv4 } from '../../net/ipv4.ts'
import { ArpWire } from './arp-wire.ts'
import { EchoWire } from './echo-wire.ts'
import type { Libc } from './native/libc.ts'
import type { ProbeWire } from './probe-wire.ts'

/** Probes on the wire whether a device uses an address. */
export interface AddressProber {
  /**
   * Never rejects and never blocks.
   *
   * @param interfaceName - The interface whose link is asked by ARP; null: somewhere behind a relay
   *   agent, asked by ICMP echo.
   * @param waitMs - How long an answer may take.
   * @returns Null where the wire could not be asked.
   */
  probe(address: Ipv4, interfaceName: string | null, waitMs: number): Promise<boolean | null>
  close(): void
}

/** A probe under way; who asks for the same address meanwhile gets the same result. */
type Pending = {
  readonly result: Promise<boolean | null>
  readonly finish: (inUse: boolean | null) => void
}

/** Probes under way at a time; one more is answered with null at once. */
const MAX_PENDING = 1024

/** Answers "unknown" at once: for where neither ARP nor ICMP may be sent. */
export const blindProber: AddressProber = {
  probe: async () => null,
  close: () => {},
}

/** A prober that asks by the C library's sockets, opened when first needed and then kept. */
export class WireProber implements AddressProber {
  readonly #libc: Libc
  readonly #wires = new Map<string | null, ProbeWire>()
  readonly #pending = new Map<string, Pending>()

  constructor(libc: Libc) {
    this.#libc = libc
  }

  async probe(
    address: Ipv4,
    interfaceName: string | null,
    waitMs: number,
  ): Promise<boolean | null> {
    const key = keyOf(address, interfaceName)
    const known = this.#pending.get(key)
    if (known !== undefined) return await known.result
    if (this.#pending.size >= MAX_PENDING || !this.#ask(address, interfaceName)) return null
    return await this.#begin(key, waitMs, () => this.#ask(address, interfaceName))
  }

  /** Probes under way are answered with null. */
  close(): void {
    for (const { finish } of [...this.#pending.values()]) finish(null)
    for (const wire of this.#wires.values()) wire.close()
    this.#wires.clear()
  }

  #begin(key: string, waitMs: number, askAgain: () => boolean): Promise<boolean | null> {
    let finish: (inUse: boolean | null) => void = () => {}
    const result = new Promise<boolean | null>((resolve) => {
      // Asked twice: one lost packet must not make an address look free.
      const again = setTimeout(() => {
        if (!askAgain()) finish(null)
      }, waitMs / 2)
      const end = setTimeout(() => finish(false), waitMs)
      finish = (inUse) => {
        clearTimeout(again)
        clearTimeout(end)
        this.#pending.delete(key)
        resolve(inUse)
      }
    })
    this.#pending.set(key, { result, finish })
    return result
  }

  #ask(address: Ipv4, interfaceName: string | null): boolean {
    try {
      this.#wireOf(interfaceName).ask(address)
      return true
    } catch {
      // No right, no route, or the interface is gone: unknown, and tried afresh the next time.
      this.#forget(interfaceName)
      return false
    }
  }

  #wireOf(interfaceName: string | null): ProbeWire {
    const known = this.#wires.get(interfaceName)
    if (known !== undefined) return known
    const onAnswer = (address: Ipv4) =>
      this.#pending.get(keyOf(address, interfaceName))?.finish(true)
    const onFault = () => this.#forget(interfaceName)
    const wire =
      interfaceName === null
        ? new EchoWire(this.#libc, onAnswer, onFault)
        : new ArpWire(this.#libc, interfaceName, onAnswer, onFault)
    this.#wires.set(interfaceName, wire)
    return wire
  }

  #forget(interfaceName: string | null): void {
    this.#wires.get(interfaceName)?.close()
    this.#wires.delete(interfaceName)
  }
}

function keyOf(address: Ipv4, interfaceName: string | null): string {
  return `${address} ${interfaceName ?? ''}`
}
