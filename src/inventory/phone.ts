import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { SwitchPort } from '../net/switch-port.ts'
import type { PhoneModel } from '../phones/family/family.ts'

/** One line of a SIP phone. `password` is write-only towards the outside. */
export type PhoneLine = {
  readonly name: string
  readonly authName?: string
  readonly password?: string
  readonly displayName?: string
  readonly shortName?: string
  readonly contact?: string
}

/** A phone as the operator named it. What is null was left out. */
export type Phone = {
  readonly mac: Mac
  readonly model: PhoneModel | null
  readonly label: string | null
  readonly network: string | null
  readonly profile: string | null
  /** Fixed address; a reservation on `network`, or on whichever network it belongs to. */
  readonly address: Ipv4 | null
  /**
   * Where neither a hardware address nor a lease does, the fixed address alone identifies the phone
   * for `OS79XX.TXT`: phones without a loader ask it before any name of their own.
   */
  readonly trustAddress?: true
  /** Where the phone gets its power; left out: where its network says, if it does. */
  readonly switchPort?: SwitchPort
  readonly lines: readonly PhoneLine[]
  /** Parameters of `SIP<MAC>.cnf`, over the profile's. */
  readonly settings: Readonly<Record<string, string>>
  /** Counts changes, from 1; the entity tag. */
  readonly revision: number
}

/** Settings that phones share. */
export type Profile = {
  readonly name: string
  readonly protocol: 'sip' | 'sccp'
  /** The load that phones of this profile should run. */
  readonly load: string
  /** Parameters of `SIPDefault.cnf`, by their names there. */
  readonly sip: Readonly<Record<string, string>>
  readonly sccp: { readonly callManagers: readonly string[] }
  readonly revision: number
}
