import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'

/** An address as DHCP gives it. */
export type PhoneAddress = {
  readonly address: Ipv4
  readonly mask: Ipv4
  /** By which everything beyond the subnet is reached (RFC 2132 section 3.5); null: nothing is. */
  readonly router: Ipv4 | null
}

/** How simulated phones reach DHCP, and how they come to have an address. */
export interface SimulatedPhoneLink {
  /**
   * Opens the socket that all phones of this link share for DHCP.
   *
   * @param onReply - Called with the payload of each datagram that comes back.
   * @param onFault - Called with what goes wrong later.
   * @throws The operating system's error, where the rights or the address are missing.
   */
  open(onReply: (bytes: Uint8Array) => void, onFault: (fault: Error) => void): Promise<void>
  /** Sends a phone's message by broadcast, or to the server that granted its lease. */
  send(mac: Mac, bytes: Uint8Array, to: Ipv4): void
  /** Makes the address one that the phone's sockets can be bound to. */
  takeAddress(mac: Mac, place: PhoneAddress): void
  dropAddress(mac: Mac, address: Ipv4): void
  /** The phone is unplugged. */
  unplug(mac: Mac): void
  close(): void
}

/** No DHCP at all: phones that are told their server ask it from whatever address this machine has. */
export class SimulatedDirectLink implements SimulatedPhoneLink {
  async open(): Promise<void> {}

  send(): void {}

  takeAddress(): void {}

  unplug(): void {}

  dropAddress(): void {}

  close(): void {}
}
