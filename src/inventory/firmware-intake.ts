import { checkFirmwareSet } from '../phones/firmware-set.ts'
import type { StoredFirmware } from './firmware.ts'
import type { FirmwareDraft } from './firmware-shelf.ts'
import type { Refused, Stored } from './inventory-outcome.ts'

/** Something in an archive or folder that is for the operator to put right. */
export type FileFault = {
  /** The file's name as it was given; empty for the whole. */
  readonly file: string
  readonly fault: string
}

/** Files by their path, or why they cannot be had. */
export type NamedFiles =
  | { readonly kind: 'ok'; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: 'refused'; readonly problems: readonly FileFault[] }

/** What came of taking in firmware. `ignored`: what was there besides, and why it is not needed. */
export type IntakeOutcome =
  | (Stored<StoredFirmware> & {
      readonly ignored: readonly { readonly file: string; readonly why: string }[]
    })
  | { readonly kind: 'refused'; readonly problems: readonly FileFault[] }

/**
 * Takes in the firmware set that an archive or a folder holds: all of it when all of it is good,
 * nothing otherwise.
 */
export async function takeInFirmware(
  inventory: { putFirmware(draft: FirmwareDraft): Promise<Stored<StoredFirmware> | Refused> },
  named: NamedFiles,
  nowMs: number,
): Promise<IntakeOutcome> {
  if (named.kind === 'refused') return named
  const check = checkFirmwareSet(named.files)
  if (check.kind === 'refused') return check
  const { load, protocol, loader, contents, ignored } = check.set
  const draft = { load, protocol, loader, contents, addedAtMs: nowMs }
  const outcome = await inventory.putFirmware(draft)
  if (outcome.kind !== 'refused') return { ...outcome, ignored }
  const problems = outcome.problems.map(({ path, message }) => ({ file: path, fault: message }))
  return { kind: 'refused', problems }
}
