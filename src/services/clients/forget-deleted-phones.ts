import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { Mac } from '../../net/mac.ts'

/** Keeps something of clients that are enrolled phones. */
export type ForgetsClients = { readonly forget: (mac: Mac) => void }

/**
 * Joins inventory and conversions: a phone that is deleted under way is left at the load that it has,
 * and its address belongs to no phone from then on.
 */
export function forgetDeletedPhones(
  inventory: Inventory,
  { engine, clients }: { readonly engine: ConversionEngine; readonly clients: ForgetsClients },
  nowMs: () => number,
): void {
  inventory.onChange((notice) => {
    if (notice.kind !== 'phone-deleted') return
    engine.cancel(notice.phone.mac, nowMs())
    engine.forget(notice.phone.mac)
    clients.forget(notice.phone.mac)
  })
}
