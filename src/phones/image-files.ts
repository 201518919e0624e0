import { parseFirmwareName } from './firmware-name.ts'

/** A file of a firmware set that a phone may ask for, in the order in which it asks. */
export type ImageFile = {
  readonly name: string
  /** `image` is a load without a loader: it is loader and application in one. */
  readonly role: 'loader' | 'loads' | 'application' | 'image'
  /** Whether the file begins with a signature header. */
  readonly signed: boolean
}

/**
 * The files that make up a load, in the order in which phones ask for them: the loader by the
 * phone's generation as `.bin` or `.sbn`, then `.loads`, then the application.
 *
 * @param load - A load; one that is none has no files.
 * @param set - Its loader, without extension; null for a load without one.
 */
export function imageFilesOf(
  load: string,
  set: { readonly loader: string | null },
): readonly ImageFile[] {
  const parsed = parseFirmwareName(load)
  if (parsed.kind === 'bad') return []
  if (set.loader !== null) {
    return [
      { name: `${set.loader}.bin`, role: 'loader', signed: false },
      { name: `${set.loader}.sbn`, role: 'loader', signed: true },
      { name: `${load}.loads`, role: 'loads', signed: true },
      { name: `${load}.sb2`, role: 'application', signed: true },
    ]
  }
  const unsigned = { name: `${load}.bin`, role: 'image', signed: false } as const
  if (!parsed.name.signed) return [unsigned]
  return [unsigned, { name: `${load}.sbn`, role: 'image', signed: true }]
}

/** The loader that belongs to a load, without extension; null for a load without one. */
export function loaderOf(load: string): string | null {
  const parsed = parseFirmwareName(load)
  if (parsed.kind === 'bad' || parsed.name.role === 'loader' || !parsed.name.ual) return null
  // A SIP set's loader has its own name; an SCCP set's shares that of the application.
  return parsed.name.protocol === 'sccp' ? load : `P003${load.slice(4)}`
}
