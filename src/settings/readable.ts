import type { AddressRange } from '../leases/pool.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { Subnet } from '../net/subnet.ts'
import type { SwitchPort } from '../net/switch-port.ts'
import type { Duration, ListenAddress, PortRange } from './notation.ts'

/**
 * A decoded configuration in which everything may be missing that was faulty in the file, so that
 * the rules can judge the rest. Lists keep their indexes.
 */
export type Readable<T> = T extends Whole
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Readable<Item> | undefined)[]
    : T extends object
      ? string extends keyof T
        ? OptionsAsWritten
        : { readonly [Key in keyof T]?: Readable<T[Key]> | undefined }
      : T

/** Values that are read as a whole or not at all. */
type Whole = Ipv4 | Mac | Subnet | SwitchPort | AddressRange | PortRange | Duration | ListenAddress

/** Options by name or number, values as the operator wrote them. */
export type OptionsAsWritten = Readonly<Record<string, unknown>>
