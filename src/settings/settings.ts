import type Type from 'typebox'
import type { Readable } from './readable.ts'
import type { Configuration, Network } from './schema.ts'

/** What the appliance runs on, after defaults and checks. Derived, so it cannot drift. */
export type Settings = Frozen<Omit<Type.StaticDecode<typeof Configuration>, 'networks'>> & {
  readonly networks: readonly NetworkSettings[]
}

/**
 * One network, after defaults and checks. `options` are as the operator wrote them: their bytes
 * are in the scope.
 */
export type NetworkSettings = Frozen<
  Type.StaticDecode<typeof Network> & Required<Pick<WrittenNetwork, DerivedDefaults>>
>

/** The file as far as it can be read, before the rules are applied. */
export type ReadableConfiguration = Readable<Type.StaticDecode<typeof Configuration>>

/** One network of the file as far as it can be read. */
export type ReadableNetwork = Readable<WrittenNetwork>

type WrittenNetwork = Type.StaticDecode<typeof Network>

/** Keys whose default depends on other keys. */
type DerivedDefaults =
  | 'leaseTime'
  | 'maxLeaseTime'
  | 'tftpServerName'
  | 'tftpServers'
  | 'onRogueServer'
  | 'identify'

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends number | string
    ? T
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T
