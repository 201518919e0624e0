import type { ConversionDesk } from '../src/conversion/conversion-desk.ts'
import type { Inventory } from '../src/inventory/inventory.ts'

/** Joins inventory and conversions: a phone that is deleted under way is left at the load that it has. */
export function forgetDeletedPhones(
  inventory: Inventory,
  desk: ConversionDesk,
  nowMs: () => number,
): void {
  inventory.onChange((notice) => {
    if (notice.kind !== 'phone-deleted') return
    desk.cancel(notice.phone.mac, nowMs())
    desk.forget(notice.phone.mac)
  })
}
