import type { ClientDirectory } from '../../dhcp/admission.ts'
import type { Inventory } from '../../inventory/inventory.ts'

/** The enrolled phones, as DHCP asks for them. */
export function clientDirectory(inventory: Inventory): ClientDirectory {
  return {
    find: (mac) => inventory.phone(mac),
    ownerOf: (address) => inventory.phoneAt(address)?.mac,
  }
}
