import { targetOf } from '../../../src/conversion/target.ts'
import type { Inventory } from '../../../src/inventory/inventory.ts'
import { anImage, aUalSet } from '../synthetic-image.ts'
import { NOW_MS } from '../values.ts'

/** Stores firmware of the form and the size that Cisco ships, with nothing of Cisco's in it. */
export async function addFirmware(
  inventory: Inventory,
  ...loads: readonly string[]
): Promise<void> {
  for (const load of loads) {
    const target = targetOf(load, undefined)
    if (target === undefined) throw new Error(`${load} is no load`)
    const { protocol, ual } = target
    const loader = ual ? load.replace(/^P0S3-/, 'P003-') : null
    const contents =
      loader === null ? new Map([[`${load}.bin`, anImage(load, 300_000)]]) : aUalSet(load, loader)
    await inventory.putFirmware({ load, protocol, loader, addedAtMs: NOW_MS, contents })
  }
}
