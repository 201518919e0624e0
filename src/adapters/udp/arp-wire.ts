import type { Ipv4 } from '../../net/ipv4.ts'
import { decodeArpFrame, ETHERTYPE_ARP, encodeArpProbe } from '../../wire/frame/arp-frame.ts'
import { WireError } from '../../wire/wire-error.ts'
import { type LinkFacts, linkFacts } from './frame-sender.ts'
import { drain } from './native/drain.ts'
import type { Libc, Watch } from './native/libc.ts'
import { AddressFamily, packetAddress, SocketType } from './native/socket-address.ts'
import type { ProbeWire } from './probe-wire.ts'

const BROADCAST = new Uint8Array(6).fill(0xff)

/** ARP on one interface: sends probes and hears every host that speaks for an address. */
export class ArpWire implements ProbeWire {
  readonly #libc: Libc
  readonly #link: LinkFacts
  readonly #descriptor: number
  readonly #watch: Watch

  /**
   * @param onAnswer - An address that a device on the link uses.
   * @param onFault - The interface is gone; nothing is heard any more.
   * @throws `SystemCallError` without CAP_NET_RAW or without such an interface.
   */
  constructor(
    libc: Libc,
    interfaceName: string,
    onAnswer: (address: Ipv4) => void,
    onFault: () => void,
  ) {
    this.#libc = libc
    this.#link = linkFacts(libc, interfaceName)
    this.#descriptor = libc.socket(AddressFamily.packet, SocketType.raw, 0)
    try {
      libc.bind(this.#descriptor, packetAddress(this.#link.index, ETHERTYPE_ARP))
      this.#watch = drain(
        libc,
        this.#descriptor,
        (bytes) => {
          const user = userIn(bytes)
          if (user !== undefined) onAnswer(user)
        },
        onFault,
      )
    } catch (error) {
      libc.close(this.#descriptor)
      throw error
    }
  }

  ask(address: Ipv4): void {
    const { index, hardwareAddress } = this.#link
    const to = packetAddress(index, ETHERTYPE_ARP, BROADCAST)
    this.#libc.sendto(this.#descriptor, encodeArpProbe(hardwareAddress, address), to)
  }

  close(): void {
    this.#watch.end()
    this.#libc.close(this.#descriptor)
  }
}

/** RFC 5227 section 2.1.1: any ARP packet that comes from the address shows that it is in use. */
function userIn(bytes: Uint8Array): Ipv4 | undefined {
  try {
    const { senderAddress } = decodeArpFrame(bytes)
    return senderAddress === 0 ? undefined : senderAddress
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
