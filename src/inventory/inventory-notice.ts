import type { SharedFile, StoredFirmware } from './firmware.ts'
import type { Phone, Profile } from './phone.ts'

/** What has changed, told when it is on disk. `before` is null for a new entry. */
export type InventoryNotice =
  | { readonly kind: 'phone-stored'; readonly phone: Phone; readonly before: Phone | null }
  | { readonly kind: 'phone-deleted'; readonly phone: Phone }
  | { readonly kind: 'profile-stored'; readonly profile: Profile; readonly before: Profile | null }
  | { readonly kind: 'profile-deleted'; readonly profile: Profile }
  | {
      readonly kind: 'firmware-stored'
      readonly firmware: StoredFirmware
      readonly before: StoredFirmware | null
    }
  | { readonly kind: 'firmware-deleted'; readonly firmware: StoredFirmware }
  | { readonly kind: 'file-stored'; readonly file: SharedFile; readonly before: SharedFile | null }
  | { readonly kind: 'file-deleted'; readonly file: SharedFile }

/** Is told of each change, in order. It must not throw. */
export type InventoryListener = (notice: InventoryNotice) => void
