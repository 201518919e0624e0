import { importFirmware, type StoringVeto } from '../../inventory/firmware-import.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { NamedFiles } from '../../inventory/named-files.ts'
import type { FirmwareImportService } from '../services.ts'

/** Unpacks a ZIP archive, within limits. */
export type ReadArchive = (archive: Uint8Array) => Promise<NamedFiles>

/** Firmware as it comes in: unpacked, checked, and stored whole or not at all. */
export function firmwareImportService(
  inventory: Inventory,
  readArchive: ReadArchive,
  nowMs: () => number,
  veto: StoringVeto = () => undefined,
): FirmwareImportService {
  return {
    importArchive: async (archive) =>
      importFirmware(inventory, await readArchive(archive), nowMs(), veto),
  }
}
