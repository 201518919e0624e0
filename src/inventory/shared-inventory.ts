import { isDeepStrictEqual } from 'node:util'
import type { SharedFile, StoredFirmware } from './firmware.ts'
import type { InventoryChange, InventorySnapshot } from './inventory-store.ts'
import type { Phone, Profile } from './phone.ts'

/** Everything but the bytes, as of one version. */
export type SharedInventory = {
  readonly version: number
  /** A number for this inventory; one that was begun in its place has another. */
  readonly origin: number
  readonly phones: readonly Phone[]
  readonly profiles: readonly Profile[]
  readonly firmware: readonly StoredFirmware[]
  readonly files: readonly SharedFile[]
  /** Rows that could not be read, in words; they are left out. */
  readonly faults: readonly string[]
}

/** An entry as it stands now, or that it is gone. */
export type SharedChange =
  | { readonly kind: 'phone'; readonly key: string; readonly value: Phone | null }
  | { readonly kind: 'profile'; readonly key: string; readonly value: Profile | null }
  | { readonly kind: 'firmware'; readonly key: string; readonly value: StoredFirmware | null }
  | { readonly kind: 'file'; readonly key: string; readonly value: SharedFile | null }

/** What has changed since a version. */
export type ChangesSince = Pick<SharedInventory, 'version' | 'origin'> & {
  readonly changes: readonly SharedChange[]
}

/** The inventory that several appliances share; each keeps a copy of it. */
export interface InventorySource {
  /** All of it, as of one version. */
  load(): Promise<SharedInventory>
  /** Entries that have changed since a version, oldest first; null if they are no longer known. */
  changesSince(version: number): Promise<ChangesSince | null>
  /** The bytes of a file; undefined if they were never uploaded. */
  blob(sha256: string): Promise<Uint8Array | undefined>
  /**
   * Stores changes that were checked against a version, all or none; gives the new version.
   *
   * @throws InventoryBehind if another version stands there.
   */
  commit(changes: readonly InventoryChange[], seen: number): Promise<number>
}

/** This machine's copy of the shared inventory, from which it starts and serves alone. */
export interface InventoryCopy {
  load(): Promise<InventorySnapshot>
  commit(changes: readonly InventoryChange[]): Promise<void>
  /** The version of which it is a copy; null if it never was one. */
  version(): Promise<number | null>
  setVersion(version: number): Promise<void>
  /** Of which inventory it is a copy; null where that is not known. */
  origin(): Promise<number | null>
  setOrigin(origin: number): Promise<void>
}

/** What has to change for a copy to become what is shared; order as it may be stored. */
export function differences(
  copy: Pick<InventorySnapshot, 'phones' | 'profiles' | 'firmware' | 'files'>,
  shared: SharedInventory,
): readonly SharedChange[] {
  return [
    ...changesOf('firmware', copy.firmware, shared.firmware, ({ load }) => load),
    ...changesOf('file', copy.files, shared.files, ({ name }) => name),
    ...changesOf('profile', copy.profiles, shared.profiles, ({ name }) => name),
    ...changesOf('phone', copy.phones, shared.phones, ({ mac }) => mac),
  ] as readonly SharedChange[]
}

/** The deletion of an entry. */
export function deletionOf({ kind, key }: SharedChange): InventoryChange {
  switch (kind) {
    case 'phone':
      return { kind: 'delete-phone', mac: key as Phone['mac'] }
    case 'profile':
      return { kind: 'delete-profile', name: key }
    case 'firmware':
      return { kind: 'delete-firmware', load: key }
    case 'file':
      return { kind: 'delete-file', name: key }
    default:
      return kind satisfies never
  }
}

/** Deleted entries first: a phone may have the address that another one had. */
function changesOf<Value>(
  kind: SharedChange['kind'],
  copy: readonly Value[],
  shared: readonly Value[],
  keyOf: (value: Value) => string,
): { readonly kind: string; readonly key: string; readonly value: Value | null }[] {
  const before = new Map(copy.map((value) => [keyOf(value), value]))
  const after = new Map(shared.map((value) => [keyOf(value), value]))
  const gone = [...before.keys()].filter((key) => !after.has(key))
  const put = [...after].filter(([key, value]) => !isDeepStrictEqual(before.get(key), value))
  return [
    ...gone.map((key) => ({ kind, key, value: null })),
    ...put.map(([key, value]) => ({ kind, key, value })),
  ]
}
