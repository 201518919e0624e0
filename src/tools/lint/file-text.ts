/** Configuration files are a few thousand bytes; phones have buffers of that order. */
export const LARGEST_TEXT_BYTES = 256 * 1024

/**
 * The text of a configuration file as a phone reads it: byte by byte, a byte order mark included,
 * which is no mark to a phone.
 */
export function fileText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(0, LARGEST_TEXT_BYTES))
}

/** The byte order mark at the beginning of a file that some editor saved; undefined for none. */
export function byteOrderMark(bytes: Uint8Array): 'UTF-8' | 'UTF-16' | undefined {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'UTF-8'
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16'
  return undefined
}
