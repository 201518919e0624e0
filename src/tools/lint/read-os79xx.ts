/** What the bytes of `OS79XX.TXT` say, and where they say more than a phone wants. */
export type Os79xx = {
  /** The name in its first line, blanks around it taken away; empty where there is none. */
  readonly name: string
  /** Offset of the name, in bytes. */
  readonly nameAt: number
  /** Whether blanks stand before the name. */
  readonly isIndented: boolean
  /** Offset of the first blank, tab or carriage return after the name; null where a newline or nothing is. */
  readonly trailingAt: number | null
  /** The line, counted from 1, that holds more text; null where the name is all. */
  readonly furtherLine: number | null
}

/** Reads the file as far as the longest name reaches, and looks whether anything follows. */
export function readOs79xx(bytes: Uint8Array): Os79xx {
  const text = String.fromCharCode(...bytes.subarray(0, LOOKED_AT_BYTES))
  const [first = ''] = text.split('\n', 1)
  const start = text.startsWith(UTF_8_MARK) ? UTF_8_MARK.length : 0
  const name = first.slice(start).trim()
  const nameAt = name === '' ? start : first.indexOf(name)
  const nameEnd = nameAt + name.length
  const further = text.split('\n').findIndex((line, index) => index > 0 && line.trim() !== '')
  return {
    name,
    nameAt,
    isIndented: nameAt > start,
    trailingAt: nameEnd < first.length ? nameEnd : null,
    furtherLine: further < 0 ? null : further + 1,
  }
}

/** Byte by byte: a mark that an editor wrote is a finding of its own. */
const UTF_8_MARK = '\xef\xbb\xbf'

const LOOKED_AT_BYTES = 1024
