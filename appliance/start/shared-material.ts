import type { Logger } from 'pino'
import type { ViewMaterial } from '../../src/conversion/file-view.ts'
import type { EntryProblem } from '../../src/inventory/inventory-outcome.ts'
import { viewMaterial, withheldFiles } from '../../src/services/conversions/view-material.ts'
import type { Settings } from '../../src/settings/settings.ts'
import type { ApplicationState } from './application-state.ts'
import { readSharedFolder } from './shared-folder.ts'

/** What the files of phones are made of, and a way to read the shared folder again. */
export type SharedMaterial = {
  readonly material: ViewMaterial
  /** Reads the folder again; what is wrong with it. One that cannot be read leaves all as it was. */
  readonly readAgain: () => Promise<readonly EntryProblem[]>
}

/**
 * Reads `tftp.sharedDir` and joins it with the inventory. What is left out is logged, a line each.
 *
 * @throws Error that names the key where the folder cannot be read.
 */
export async function sharedMaterial(
  { tftp }: Pick<Settings, 'tftp'>,
  log: Logger,
  { inventory, cache }: Pick<ApplicationState, 'inventory' | 'cache'>,
): Promise<SharedMaterial> {
  const { sharedTriggers } = tftp
  let shared = await readSharedFolder(tftp, cache)
  for (const warning of shared.warnings) log.warn({ event: 'settings.warning', ...warning })
  const parts = { inventory, cache, folder: () => shared.files, sharedTriggers }
  const reportWithheld = () => {
    const files = sharedTriggers ? [] : withheldFiles(parts)
    if (files.length > 0) log.warn({ event: 'files.withheld', why: 'could convert a phone', files })
  }
  reportWithheld()
  const material = viewMaterial(parts)
  const readAgain = async () => {
    const before = shared
    try {
      shared = await readSharedFolder(tftp, cache)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const message = `${why.replace('tftp.sharedDir: ', '')}; the previous files stay in service`
      return [{ path: 'tftp.sharedDir', message }]
    }
    material.folderChanged()
    for (const file of before.files.values()) cache.release(file)
    reportWithheld()
    return shared.warnings
  }
  return { material, readAgain }
}
