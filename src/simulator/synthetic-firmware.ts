import { isAtLeast, type LoadName, loaderOf, readLoadName } from './load-name.ts'
import { PseudoRandom } from './pseudo-random.ts'
import { SIGNATURE_HEADER_BYTES, signImage } from './signed-image.ts'

/** Where an unsigned image carries its own name, ended by NUL. */
export const IMAGE_NAME_OFFSET = 0x20

/** Bytes of an image that are zero but for its name. */
export const IMAGE_HEAD_BYTES = 0x40

/**
 * Makes the files of one load for the 7940 and 7960: right names, sizes and form, filled with
 * pseudo-random bytes. There is nothing of Cisco's in it and no phone would run it.
 *
 * The same load gives the same bytes on every call.
 *
 * @param load - A name such as `P0S3-8-12-00`, `P00308000500` or `P0S30203`, without extension.
 * @returns File name to bytes, freshly allocated.
 * @throws RangeError for a name that is no load, or that is the loader of a SIP set.
 */
export function makeFirmwareSet(load: string): ReadonlyMap<string, Uint8Array> {
  const name = readLoadName(load)
  if (name === undefined || name.loaderOnly) throw new RangeError(`${load} is not a load`)
  return name.universal ? universalSet(name) : wholeSet(name)
}

/**
 * The `OS79XX.TXT` that a SIP archive with a universal application loader ships with: the loader's
 * name, a space, CR and LF. Read by importers, fit for no phone that takes it literally.
 */
export function shippedOs79xx(load: string): Uint8Array {
  return new TextEncoder().encode(`P003${load.slice(4)} \r\n`)
}

/** Below 5.0 phones take unsigned images only, from 5.0 on signed ones (Cisco document 5455). */
function wholeSet(name: LoadName): ReadonlyMap<string, Uint8Array> {
  const image = makeImage(name.text, wholeImageBytes(name))
  const files = new Map([[`${name.text}.bin`, image]])
  if (isAtLeast(name, 5)) files.set(`${name.text}.sbn`, signImage(`${name.text}.sbn`, image))
  return files
}

function universalSet(name: LoadName): ReadonlyMap<string, Uint8Array> {
  const loader = loaderOf(name)
  const loaderImage = makeImage(loader, loaderBytes(name))
  const application = makeImage(name.text, applicationBytes(name) - SIGNATURE_HEADER_BYTES)
  const loads = new TextEncoder().encode(loadsText(name, loader))
  return new Map([
    [`${loader}.bin`, loaderImage],
    [`${loader}.sbn`, signImage(`${loader}.sbn`, loaderImage)],
    [`${name.text}.loads`, signImage(`${name.text}.loads`, loads)],
    [`${name.text}.sb2`, signImage(`${name.text}.sb2`, application)],
  ])
}

/** Three lines; releases before 8.0 end them with CR LF, later ones with LF. */
function loadsText(name: LoadName, loader: string): string {
  const end = isAtLeast(name, 8) ? '\n' : '\r\n'
  const version = !isAtLeast(name, 8)
    ? 'PAS3X060'
    : name.protocol === 'sip'
      ? 'PAS30830'
      : 'PAS30831'
  return `${loader}.sbn${end}${name.text}.sb2${end}LA_VERSION=${version}${end}`
}

function makeImage(name: string, sizeBytes: number): Uint8Array {
  const bytes = new PseudoRandom(name).bytes(sizeBytes)
  bytes.fill(0, 0, IMAGE_HEAD_BYTES)
  bytes.set(new TextEncoder().encode(name), IMAGE_NAME_OFFSET)
  return bytes
}

/** Sizes of published files where they are known, of their nearest relative otherwise. */
function loaderBytes(name: LoadName): number {
  if (isAtLeast(name, 8, 1)) return 130_552
  if (isAtLeast(name, 8)) return 129_824
  return name.protocol === 'sip' ? 128_888 : 128_996
}

function applicationBytes(name: LoadName): number {
  if (name.protocol === 'sip') return isAtLeast(name, 8) ? 756_524 : 689_682
  if (isAtLeast(name, 8, 1)) return 708_460
  return isAtLeast(name, 8) ? 705_536 : 681_290
}

/** No size of a load before the universal loader is published; these are of the same order. */
function wholeImageBytes(name: LoadName): number {
  if (name.protocol === 'sip') return isAtLeast(name, 5) ? 561_200 : 415_744
  return isAtLeast(name, 5) ? 368_640 : 331_776
}
