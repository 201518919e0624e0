import { checkFirmwareSet } from '../phones/firmware-set.ts'
import type { StoredFirmware } from './firmware.ts'
import type { FirmwareDraft } from './firmware-repository.ts'
import type { Refused, Stored } from './inventory-outcome.ts'
import type { FileFault, NamedFiles } from './named-files.ts'

/** Part of what an import answers, and so of this file's contract. */
export type { FileFault } from './named-files.ts'

/** What came of taking in firmware. `ignored`: what was there besides, and why it is not needed. */
export type FirmwareImportOutcome =
  | (Stored<StoredFirmware> & {
      readonly ignored: readonly { readonly file: string; readonly why: string }[]
    })
  | { readonly kind: 'refused'; readonly problems: readonly FileFault[] }

/** Why the files of a load must not be stored, in words; undefined where they may. */
export type StoringVeto = (
  load: string,
  files: ReadonlyMap<string, Uint8Array>,
) => string | undefined

/**
 * Imports the firmware set that an archive or a folder holds: all of it when all of it is good,
 * nothing otherwise.
 */
export async function importFirmware(
  inventory: { putFirmware(draft: FirmwareDraft): Promise<Stored<StoredFirmware> | Refused> },
  named: NamedFiles,
  nowMs: number,
  veto: StoringVeto = () => undefined,
): Promise<FirmwareImportOutcome> {
  if (named.kind === 'refused') return named
  const check = checkFirmwareSet(named.files)
  if (check.kind === 'refused') return check
  const { load, protocol, loader, contents, ignored } = check.set
  const fault = veto(load, contents)
  if (fault !== undefined) return { kind: 'refused', problems: [{ file: load, fault }] }
  const draft = { load, protocol, loader, contents, addedAtMs: nowMs }
  const outcome = await inventory.putFirmware(draft)
  if (outcome.kind !== 'refused') return { ...outcome, ignored }
  const problems = outcome.problems.map(({ path, message }) => ({ file: path, fault: message }))
  return { kind: 'refused', problems }
}
