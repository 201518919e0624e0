import Type, { type Static } from 'typebox'
import type { SharedFile, StoredFirmware } from '../../../inventory/firmware.ts'
import { isSyntheticSet } from '../../../simulator/synthetic-mark.ts'
import { isoTime } from '../api.ts'
import { Load, Nullable, OneOf, Sha256, Synthetic, Time } from './values.ts'

const firmwareFields = {
  load: Load,
  protocol: OneOf(['sip', 'sccp']),
  loader: Nullable(Type.String({ description: 'The universal application loader of the set' })),
  files: Type.Array(
    Type.Object(
      { name: Type.String(), bytes: Type.Integer(), sha256: Sha256 },
      { title: 'FirmwareFile' },
    ),
  ),
  synthetic: Synthetic,
  addedAt: Time,
}

/** A firmware set as it comes out. */
export const FirmwareView = Type.Object(firmwareFields, { title: 'Firmware' })

/** A firmware set just imported. */
export const TakenFirmwareView = Type.Object(
  {
    ...firmwareFields,
    outcome: OneOf(
      ['created', 'replaced', 'unchanged'],
      'replaced: a set of this load existed with other contents; unchanged: with the same contents',
    ),
    ignored: Type.Array(Type.Object({ file: Type.String(), why: Type.String() }), {
      description: 'Other files in the archive, and why they are not needed',
    }),
  },
  { title: 'TakenFirmware' },
)

/** A firmware set as JSON; whether it is synthetic is told by its content. */
export function viewFirmware(
  firmware: StoredFirmware,
  contentOf: Parameters<typeof isSyntheticSet>[1],
): Static<typeof FirmwareView> {
  const { addedAtMs, files, ...rest } = firmware
  const synthetic = isSyntheticSet(firmware, contentOf)
  return { ...rest, synthetic, files: [...files], addedAt: isoTime(addedAtMs) }
}

/** A shared file as it comes out. */
export const SharedFileView = Type.Object(
  { name: Type.String(), bytes: Type.Integer(), sha256: Sha256, addedAt: Time },
  { title: 'SharedFile' },
)

/** A shared file as JSON. */
export function viewSharedFile({ addedAtMs, ...file }: SharedFile): Static<typeof SharedFileView> {
  return { ...file, addedAt: isoTime(addedAtMs) }
}
