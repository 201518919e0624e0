import { type StoringVeto, takeInFirmware } from '../../inventory/firmware-intake.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { NamedFiles } from '../../inventory/named-files.ts'
import type { IntakeService } from '../services.ts'

/** Unpacks a ZIP archive, within limits. */
export type ReadArchive = (archive: Uint8Array) => Promise<NamedFiles>

/** Firmware as it comes in: unpacked, checked, and stored whole or not at all. */
export function intakeService(
  inventory: Inventory,
  readArchive: ReadArchive,
  nowMs: () => number,
  veto: StoringVeto = () => undefined,
): IntakeService {
  return {
    takeIn: async (archive) => takeInFirmware(inventory, await readArchive(archive), nowMs(), veto),
  }
}
