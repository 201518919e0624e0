import type { IntakeService } from '../../src/adapters/http/services.ts'
import { readZip } from '../../src/adapters/zip/read-zip.ts'
import { takeInFirmware } from '../../src/inventory/firmware-intake.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'

/** Firmware as it comes in: unpacked, checked, and stored whole or not at all. */
export function intakeService(inventory: Inventory, nowMs: () => number): IntakeService {
  return {
    takeIn: async (archive) => takeInFirmware(inventory, await readZip(archive), nowMs()),
  }
}
