import type { Asked } from '../../clients/asked.ts'
import type { ClientIdentity } from '../../clients/client-identities.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { RequestedFile } from '../../phones/requested-file.ts'

/** A configured network, as far as an answer depends on it. */
export type NetworkOfClient = {
  readonly name: string
  /** Ours on it. */
  readonly address: Ipv4
  readonly admitsAnyone: boolean
}

/** Tells which network an address belongs to, and which client uses it. */
export interface ClientLookup {
  /** The configured network that the address belongs to; undefined for none of ours. */
  networkAt(address: Ipv4): NetworkOfClient | undefined
  /** The client that asks from an address of a configured network. */
  identify(address: Ipv4, asked: Asked, nowMs: number): ClientIdentity
  /** A phone's lease has ended by RELEASE, or by DECLINE: then `address` is null. */
  onLeaseGivenUp(mac: Mac, address: Ipv4 | null, nowMs: number): void
}

/** Enrols phones as they appear. */
export interface Enrolment {
  /** A device that is not enrolled has started. */
  onBoot(network: string | null, mac: Mac, vendorClass: string): void
  /**
   * A device that is not enrolled asks for a file. `wait`: it is being enrolled; without an answer it
   * asks again in a moment.
   */
  onRequest(
    network: string,
    mac: Mac | undefined,
    file: RequestedFile,
    nowMs: number,
  ): 'wait' | 'absent'
  /** An enrolled phone has asked for a file, has registered or has answered a survey. */
  onEnrolledSeen(mac: Mac): void
}

/** A client that is not an enrolled phone asked for a file and was not served one. */
export type UnservedRequest = {
  /** Its hardware address; undefined where it cannot be known. */
  readonly device: Mac | undefined
  readonly network: string
  readonly requestedName: string
  readonly atMs: number
  /** It got no answer because it is being enrolled. */
  readonly isWaiting: boolean
}

/** Enrols none. */
export const NO_ENROLMENT: Enrolment = {
  onBoot: () => {},
  onRequest: () => 'absent',
  onEnrolledSeen: () => {},
}
