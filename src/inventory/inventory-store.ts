import type { Mac } from '../net/mac.ts'
import type { SharedFile, StoredFirmware } from './firmware.ts'
import type { Phone, Profile } from './phone.ts'

/** A change to what the operator has entered. `blobs` carries the bytes of a new file by SHA-256. */
export type InventoryChange =
  | { readonly kind: 'put-phone'; readonly phone: Phone }
  | { readonly kind: 'delete-phone'; readonly mac: Mac }
  | { readonly kind: 'put-profile'; readonly profile: Profile }
  | { readonly kind: 'delete-profile'; readonly name: string }
  | {
      readonly kind: 'put-firmware'
      readonly firmware: StoredFirmware
      readonly blobs: ReadonlyMap<string, Uint8Array>
    }
  | { readonly kind: 'delete-firmware'; readonly load: string }
  | { readonly kind: 'put-file'; readonly file: SharedFile; readonly content: Uint8Array }
  | { readonly kind: 'delete-file'; readonly name: string }

export type InventorySnapshot = {
  readonly phones: readonly Phone[]
  readonly profiles: readonly Profile[]
  readonly firmware: readonly StoredFirmware[]
  readonly files: readonly SharedFile[]
  /** Bytes of every firmware and shared file, by SHA-256. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
  /** Rows that could not be read, in words; they are left out. */
  readonly faults: readonly string[]
}

/** Where the inventory survives a restart. */
export interface InventoryStore {
  load(): Promise<InventorySnapshot>
  /**
   * Resolves when all changes are on disk, all or none.
   *
   * @throws {@link InventoryBehind} where others write as well, and have.
   */
  commit(changes: readonly InventoryChange[]): Promise<void>
}

/**
 * Another appliance has changed the inventory since it was read here. Nothing was stored: the change
 * is checked again after the caller has caught up.
 */
export class InventoryBehind extends Error {
  constructor() {
    super('another appliance has changed the inventory meanwhile')
    this.name = 'InventoryBehind'
  }
}

/** An inventory that several appliances share. */
export interface SharedInventoryStore extends InventoryStore {
  /** What others have changed since the last look, oldest first. It is stored here already. */
  catchUp(): Promise<readonly InventoryChange[]>
  /** Calls the listener whenever others may have changed something. */
  follow(listener: () => void): void
}
