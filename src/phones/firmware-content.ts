import type { FirmwareProblem, FoundImage } from './found-images.ts'
import type { ImageFile } from './image-files.ts'
import { readLoadsFile } from './loads-file.ts'
import { readEmbeddedName, readSignature } from './signed-image.ts'

/**
 * What the bytes of a set's files say against it: signatures that are missing or bear another
 * name, images that bear another name, sizes that no image has, parts that do not belong together.
 *
 * @param wanted - The files of the set.
 * @param present - All images that were found, by base name.
 */
export function findContentProblems(
  load: string,
  loader: string | null,
  wanted: readonly ImageFile[],
  present: ReadonlyMap<string, FoundImage>,
): readonly FirmwareProblem[] {
  const problems: FirmwareProblem[] = []
  for (const image of present.values()) {
    const role = wanted.find(({ name }) => name === image.base)?.role
    const fault =
      faultOfSignature(image) ??
      faultOfEmbeddedName(image) ??
      (role === undefined ? undefined : faultOfSize(image, role)) ??
      (role === 'loads' ? faultOfLoads(image, load, loader) : undefined)
    if (fault !== undefined) problems.push({ file: image.path, fault })
  }
  // A pair of which one part is bad by itself would be reported twice.
  return problems.length > 0 ? problems : findPairProblems(wanted, present)
}

/** Bytes that a file of each role may have; real ones lie well within (SIP 7.5 to SCCP 8.1). */
const SIZES: Readonly<Record<ImageFile['role'], { readonly min: number; readonly max: number }>> = {
  // Real: 128 888 to 130 956.
  loader: { min: 65_536, max: 262_144 },
  // Real: 458 to 461.
  loads: { min: 410, max: 1_428 },
  // Real: 681 290 to 756 524; half of one must not pass.
  application: { min: 393_216, max: 2_097_152 },
  // Loads without a loader, of which no size is on record; the 7910's have 350 000.
  image: { min: 65_536, max: 2_097_152 },
}

function faultOfSignature({ base, extension, bytes }: FoundImage): string | undefined {
  const signature = readSignature(bytes)
  if (extension === 'bin') {
    if (signature.kind === 'unsigned') return undefined
    const original = signature.kind === 'signed' ? signature.fileName : 'a signed image'
    return `is ${original} under another name: a .bin has no signature header`
  }
  switch (signature.kind) {
    case 'unsigned':
      return 'has no signature header, so phones fail it with "Image Authentication Failed"'
    case 'damaged':
      return `is damaged: ${signature.fault}`
    case 'signed':
      return isNameOf(signature.fileName, base)
        ? undefined
        : `was signed as ${signature.fileName} and renamed`
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return signature satisfies never
  }
}

function faultOfEmbeddedName({ base, extension, bytes }: FoundImage): string | undefined {
  if (extension === 'loads') return undefined
  const embedded = readEmbeddedName(unsignedPart(bytes))
  if (embedded === null || stemOf(embedded) === stemOf(base)) return undefined
  return `holds the image ${embedded} and was renamed`
}

function faultOfSize({ bytes }: FoundImage, role: ImageFile['role']): string | undefined {
  const { min, max } = SIZES[role]
  const size = bytes.length
  if (size < min) return `is truncated: it has ${size} bytes, and at least ${min} are plausible`
  return size > max ? `has ${size} bytes, and at most ${max} are plausible` : undefined
}

function faultOfLoads(
  { bytes }: FoundImage,
  load: string,
  loader: string | null,
): string | undefined {
  const loads = readLoadsFile(bytes)
  if (loads.kind === 'bad') return loads.fault
  if (loads.loader !== loader) return `names the loader ${loads.loader}, not ${loader}`
  if (loads.application !== load) return `names the application ${loads.application}, not ${load}`
  return undefined
}

/** A `.sbn` is its `.bin` after a signature header, byte by byte. */
function findPairProblems(
  wanted: readonly ImageFile[],
  present: ReadonlyMap<string, FoundImage>,
): readonly FirmwareProblem[] {
  return wanted.flatMap(({ name }) => {
    const signed = present.get(name)
    const plain = present.get(`${stemOf(name)}.bin`)
    if (signed?.extension !== 'sbn' || plain === undefined) return []
    const inner = unsignedPart(signed.bytes)
    if (inner.length > plain.bytes.length) return [truncated(plain, inner.length)]
    const header = signed.bytes.length - inner.length
    if (inner.length < plain.bytes.length) return [truncated(signed, plain.bytes.length + header)]
    const at = inner.findIndex((octet, index) => octet !== plain.bytes[index])
    if (at < 0) return []
    return [{ file: signed.path, fault: `differs from ${plain.base} at byte ${at} of the image` }]
  })
}

function truncated({ path, bytes }: FoundImage, whole: number): FirmwareProblem {
  return { file: path, fault: `is truncated: it has ${bytes.length} bytes of ${whole}` }
}

function unsignedPart(bytes: Uint8Array): Uint8Array {
  const signature = readSignature(bytes)
  return signature.kind === 'signed' ? bytes.subarray(signature.headerBytes) : bytes
}

/** Whether a name, with or without an extension, is that of a file, whatever its letter case. */
function isNameOf(name: string, base: string): boolean {
  const wanted = stemOf(name) === name ? stemOf(base) : base
  return name.toLowerCase() === wanted.toLowerCase()
}

function stemOf(name: string): string {
  return name.replace(/\.(?:bin|sbn|sb2|loads)$/i, '')
}
