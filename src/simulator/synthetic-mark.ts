import { PseudoRandom } from './pseudo-random.ts'
import { SYNTHETIC_SIGNER, signerOf, textUpToNul } from './signed-image.ts'
import { IMAGE_HEAD_BYTES, IMAGE_NAME_OFFSET } from './synthetic-firmware.ts'

/** Bytes of the filling that are compared. */
const COMPARED_BYTES = 64

/**
 * This many of them agree in a damaged or patched image; in one that is no filling a
 * quarter of one does, and that so many do by chance is out of the question.
 */
const AGREEING_BYTES = 32

/** A firmware set, as far as its content is looked up. */
type NamedContents = { readonly files: readonly { readonly sha256: string }[] }

const known = new WeakMap<NamedContents, boolean>()

/**
 * Whether a file is firmware that `makeFirmwareSet` made: its signer says so, or it is an unsigned
 * image filled with the bytes that its name gives. The content decides, so that a file is
 * recognised however it came in and whatever it is called, and when a few bytes of it were changed.
 */
export function isSyntheticImage(bytes: Uint8Array): boolean {
  if (signerOf(bytes) === SYNTHETIC_SIGNER) return true
  if (bytes.length <= IMAGE_HEAD_BYTES + COMPARED_BYTES) return false
  const name = textUpToNul(bytes.subarray(IMAGE_NAME_OFFSET, IMAGE_HEAD_BYTES))
  const filling = new PseudoRandom(name).bytes(IMAGE_HEAD_BYTES + COMPARED_BYTES)
  const agreeing = filling.filter((octet, at) => at >= IMAGE_HEAD_BYTES && octet === bytes[at])
  return agreeing.length >= AGREEING_BYTES
}

/**
 * Whether a set holds any synthetic file: then no real phone may be given it.
 *
 * @param contentOf - The bytes of a file by its SHA-256; what is not there is not judged.
 */
export function isSyntheticSet(
  set: NamedContents,
  contentOf: (sha256: string) => { readonly bytes: Uint8Array } | undefined,
): boolean {
  const before = known.get(set)
  if (before !== undefined) return before
  const synthetic = set.files.some(({ sha256 }) => {
    const content = contentOf(sha256)
    return content !== undefined && isSyntheticImage(content.bytes)
  })
  known.set(set, synthetic)
  return synthetic
}
