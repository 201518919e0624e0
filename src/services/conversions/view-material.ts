import { couldConvert } from '../../conversion/could-convert.ts'
import type { ViewMaterial } from '../../conversion/file-view.ts'
import type { CachedFile, FileCache } from '../../files/file-cache.ts'
import { FileNames } from '../../files/file-name.ts'
import type { Inventory } from '../../inventory/inventory.ts'

/** What file views need. */
export type ViewMaterialParts = {
  readonly inventory: Inventory
  readonly cache: FileCache
  /** Files of the shared folder now, by name; one of the inventory goes before one of these. */
  readonly folder: () => ReadonlyMap<string, CachedFile>
  /** Whether shared files that could convert a phone are served as well. */
  readonly sharedTriggers: boolean
}

/**
 * What file views are made of, kept current with the inventory; `folderChanged` is to be called when
 * the shared folder was read again.
 */
export function viewMaterial(
  parts: ViewMaterialParts,
): ViewMaterial & { readonly folderChanged: () => void } {
  const { inventory, cache } = parts
  let revision = 0
  let shared = readShared(parts)
  inventory.onChange(({ kind }) => {
    if (kind.startsWith('phone-')) return
    revision++
    if (kind.startsWith('file-')) shared = readShared(parts)
  })
  return {
    folderChanged: () => {
      revision++
      shared = readShared(parts)
    },
    phone: (mac) => inventory.phone(mac),
    profile: (name) => inventory.profile(name),
    firmware: (load) => inventory.firmware(load),
    cached: (sha256) => cache.get(sha256),
    sharedFiles: () => shared.names,
    sharedNames: () => shared.list,
    revision: () => revision,
  }
}

/** Names of shared files that are kept back because they could convert a phone. */
export function withheldFiles({ inventory, folder }: ViewMaterialParts): readonly string[] {
  return [...folder().keys(), ...inventory.files().map(({ name }) => name)].filter(couldConvert)
}

function readShared({ inventory, cache, folder, sharedTriggers }: ViewMaterialParts) {
  // By name, so that the ring list names what is in both places once.
  const files = new Map(folder())
  for (const { name, sha256 } of inventory.files()) {
    const file = cache.get(sha256)
    if (file !== undefined) files.set(name, file)
  }
  const served = [...files].filter(([name]) => sharedTriggers || !couldConvert(name))
  return { names: new FileNames(served), list: served.map(([name]) => name) }
}
