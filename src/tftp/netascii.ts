import type { CachedFile } from '../files/file-cache.ts'

const LF = 10
const CR = 13

/**
 * Files in the form that netascii wants (RFC 764 by way of RFC 1350 section 1): LF as CR LF, CR as
 * CR NUL. A form is made once for each file, however many transfers want it, and goes with the
 * file. Blocks are cut from the form, so a pair may be split between two of them.
 */
export class NetasciiForms {
  readonly #forms = new WeakMap<CachedFile, Uint8Array>()

  /** The bytes to send; those of the file where netascii changes nothing. */
  of(file: CachedFile): Uint8Array {
    const known = this.#forms.get(file)
    if (known !== undefined) return known
    const form = netasciiOf(file.bytes)
    this.#forms.set(file, form)
    return form
  }
}

function netasciiOf(bytes: Uint8Array): Uint8Array {
  let extra = 0
  for (const byte of bytes) if (byte === LF || byte === CR) extra++
  if (extra === 0) return bytes
  // Like a cached file, in memory that is never moved.
  const form = new Uint8Array(new ArrayBuffer(bytes.length + extra))
  let at = 0
  for (const byte of bytes) {
    if (byte === LF) form[at++] = CR
    form[at++] = byte
    if (byte === CR) form[at++] = 0
  }
  return form
}
