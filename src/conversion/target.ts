import type { StoredFirmware } from '../inventory/firmware.ts'
import { parseFirmwareName } from '../phones/firmware-name.ts'
import { shortNameOf } from '../phones/short-name.ts'

/** The load of one step, and which of its files the phone must fetch. */
export type Target = {
  readonly load: string
  readonly protocol: 'sip' | 'sccp'
  /** Comes with a universal application loader (SIP 7.0, SCCP 6.0 and later). */
  readonly ual: boolean
  /** The loader's name without extension; null for a combined image. */
  readonly loader: string | null
  /** Another name of the same image, for phones that take no longer one; null where none is needed. */
  readonly shortName: string | null
}

/**
 * What a load means as a target.
 *
 * @returns undefined where the name is no load of a 7940/7960, or is one that we do not convert to.
 */
export function targetOf(load: string, firmware: StoredFirmware | undefined): Target | undefined {
  const parsed = parseFirmwareName(load)
  if (parsed.kind === 'bad' || parsed.name.protocol === 'mgcp') return undefined
  const { protocol, ual } = parsed.name
  const shortName = shortNameOf(parsed.name)
  return { load, protocol, ual, loader: firmware?.loader ?? null, shortName }
}

/** Whether the file is an image of the target: its loader, its application or its combined image. */
export function isImageOf(target: Target, fileName: string): boolean {
  const { stem, extension } = splitName(fileName)
  if (!['bin', 'sbn', 'sb2'].includes(extension)) return false
  return stem === target.load || stem === target.loader || stem === target.shortName
}

/**
 * Whether the phone runs the target once this image is in its flash. A loader alone is not that:
 * with a universal application loader the application (`.sb2`) comes last.
 */
export function isLastImageOf(target: Target, fileName: string): boolean {
  const { stem, extension } = splitName(fileName)
  if (stem !== target.load && stem !== target.shortName) return false
  return target.ual ? extension === 'sb2' : extension === 'bin' || extension === 'sbn'
}

/** Whether the file is the target's `.loads`, which names its loader and its application. */
export function isLoadsOf({ load, ual }: Target, fileName: string): boolean {
  return ual && fileName.toLowerCase() === `${load}.loads`.toLowerCase()
}

function splitName(fileName: string): { readonly stem: string; readonly extension: string } {
  const dot = fileName.lastIndexOf('.')
  if (dot < 0) return { stem: fileName, extension: '' }
  return { stem: fileName.slice(0, dot), extension: fileName.slice(dot + 1).toLowerCase() }
}
