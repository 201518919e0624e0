import type { ViewMaterial } from '../src/conversion/boot-view.ts'
import { couldConvert } from '../src/conversion/could-convert.ts'
import type { CachedFile, FileCache } from '../src/files/file-cache.ts'
import { FileNames } from '../src/files/file-name.ts'
import type { Inventory } from '../src/inventory/inventory.ts'

/**
 * What boot views are made of, kept current with the inventory.
 *
 * @param sharedTriggers - Whether shared files that could convert a phone are served as well.
 */
export function viewMaterial(
  inventory: Inventory,
  cache: FileCache,
  sharedTriggers: boolean,
): ViewMaterial {
  let revision = 0
  let shared = readShared(inventory, cache, sharedTriggers)
  inventory.onChange(({ kind }) => {
    if (kind.startsWith('phone-')) return
    revision++
    if (kind.startsWith('file-')) shared = readShared(inventory, cache, sharedTriggers)
  })
  return {
    phone: (mac) => inventory.phone(mac),
    profile: (name) => inventory.profile(name),
    firmware: (load) => inventory.firmware(load),
    cached: (sha256) => cache.get(sha256),
    sharedFiles: () => shared.names,
    sharedNames: () => shared.list,
    revision: () => revision,
  }
}

function readShared(inventory: Inventory, cache: FileCache, sharedTriggers: boolean) {
  const entries: [string, CachedFile][] = []
  for (const { name, sha256 } of inventory.files()) {
    const file = cache.get(sha256)
    if (file !== undefined && (sharedTriggers || !couldConvert(name))) entries.push([name, file])
  }
  return { names: new FileNames(entries), list: entries.map(([name]) => name) }
}
