import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/** What the system knows of the hardware address behind an address. */
export type HardwareAnswer =
  | { readonly kind: 'found'; readonly mac: Mac }
  /** Not known yet: resolution has been provoked, and the client is to ask again. */
  | { readonly kind: 'resolving' }
  /** The address is one of this machine's. */
  | { readonly kind: 'own' }
  /** The interface has no hardware addresses: loopback, a tunnel. */
  | { readonly kind: 'none' }

/** The port through which hardware addresses are asked for. The answer is immediate. */
export interface HardwareAddresses {
  /** @param interfaceName - Of the network that the address belongs to. */
  at(interfaceName: string, address: Ipv4, nowMs: number): HardwareAnswer
}

/** No hardware address can be known. */
export const NO_HARDWARE: HardwareAnswer = { kind: 'none' }
