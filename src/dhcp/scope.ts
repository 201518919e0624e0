import type { LeaseScope } from '../leases/lease-scope.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { OutgoingOption } from '../wire/dhcp/message.ts'

/** Who is served on a network. */
export type AdmissionRule = 'enrolled' | 'phones' | 'anyone'

/**
 * One network, ready to serve: the configuration with everything computed that does not depend on
 * a message. Immutable; an edit makes a new one.
 */
export type Scope = LeaseScope & {
  /** The interface that it is on; null for a network behind relay agents only. */
  readonly interfaceName: string | null
  readonly admit: AdmissionRule
  /** Default lease time; 1 to 0xffffffff, the latter infinite (RFC 2131 section 3.3). */
  readonly leaseSeconds: number
  /** Longest lease that a client can ask for; at least `leaseSeconds`. */
  readonly maxLeaseSeconds: number
  /** Whether clients we have no record of are told so by a NAK. */
  readonly authoritative: boolean
  /** RFC 4039. */
  readonly rapidCommit: boolean
  /** RFC 3011: whether clients here may ask for a subnet, and clients elsewhere for this one. */
  readonly subnetSelection: boolean
  /** Whether the wire is asked for an address before its first offer. */
  readonly probe: boolean
  readonly offerHoldMs: number
  readonly declineHoldMs: number
  /** Whether a full pool takes back the lease of a client that no longer answers. */
  readonly reclaim: 'idle' | 'never'
  readonly onRogueServer: 'warn' | 'refuse'
  /** Next server, in OFFER and ACK. */
  readonly siaddr: Ipv4
  /** Every configured option once, values as on the wire. Those that the engine makes do not count. */
  readonly options: readonly OutgoingOption[]
  /** Codes among `options` that go out even if not asked for (RFC 2131 table 3: MAY). */
  readonly forcedCodes: readonly number[]
  /** By vendor class, trailing NUL removed: options that replace or extend `options`. */
  readonly classes: ReadonlyMap<string, readonly OutgoingOption[]>
}
