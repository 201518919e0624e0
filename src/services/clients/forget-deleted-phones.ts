import type { ConversionDesk } from '../../conversion/conversion-desk.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { Mac } from '../../net/mac.ts'

/** Keeps something of clients that are enrolled phones. */
export type ForgetsClients = { readonly forget: (mac: Mac) => void }

/**
 * Joins inventory and conversions: a phone that is deleted under way is left at the load that it has,
 * and its address is nobody's from then on.
 */
export function forgetDeletedPhones(
  inventory: Inventory,
  { desk, clients }: { readonly desk: ConversionDesk; readonly clients: ForgetsClients },
  nowMs: () => number,
): void {
  inventory.onChange((notice) => {
    if (notice.kind !== 'phone-deleted') return
    desk.cancel(notice.phone.mac, nowMs())
    desk.forget(notice.phone.mac)
    clients.forget(notice.phone.mac)
  })
}
