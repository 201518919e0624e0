/** A file that is read piece by piece. */
export type ByteSource = {
  readonly sizeBytes: number
  /** At most so many bytes from there on; fewer only at the end. What it returns holds until the next call. */
  readonly read: (at: number, length: number) => Uint8Array
}

/** A piece of a log: lines that are kept may keep all of it. */
const PIECE_BYTES = 64 * 1024
/** A line that is longer is told in parts: it is none of a log. */
const LONGEST_LINE_BYTES = 1024 * 1024

const NEWLINE = 0x0a

/** Bytes that are there already. */
export function bytesAsSource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (at, length) => bytes.subarray(at, at + length),
  }
}

/** All bytes at once. */
export function readAll(source: ByteSource): Uint8Array {
  return source.read(0, source.sizeBytes)
}

/** The lines of a text in UTF-8, without their ends. */
export function* linesOf(source: ByteSource): Generator<string> {
  const decoder = new TextDecoder()
  let rest: Uint8Array = new Uint8Array()
  for (let at = 0; at < source.sizeBytes; ) {
    const piece = source.read(at, PIECE_BYTES)
    // The file has become shorter meanwhile.
    if (piece.length === 0) break
    at += piece.length
    const end = piece.lastIndexOf(NEWLINE)
    if (end < 0 && rest.length < LONGEST_LINE_BYTES) {
      rest = joined(rest, copyOf(piece))
      continue
    }
    const text = decoder.decode(joined(rest, piece.subarray(0, Math.max(end, 0))))
    rest = copyOf(piece.subarray(end + 1))
    yield* text.split('\n').map(withoutReturn)
  }
  if (rest.length > 0) yield* decoder.decode(rest).split('\n').map(withoutReturn)
}

/** The same, the last line first. */
export function* linesBackwards(source: ByteSource): Generator<string> {
  const decoder = new TextDecoder()
  let rest: Uint8Array = new Uint8Array()
  for (let at = source.sizeBytes; at > 0; ) {
    const from = Math.max(0, at - PIECE_BYTES)
    const piece = source.read(from, at - from)
    at = from
    const begin = piece.indexOf(NEWLINE)
    if (begin < 0 && rest.length < LONGEST_LINE_BYTES) {
      rest = joined(copyOf(piece), rest)
      continue
    }
    const text = decoder.decode(joined(piece.subarray(begin + 1), rest))
    rest = copyOf(piece.subarray(0, Math.max(begin, 0)))
    yield* text.split('\n').reverse().map(withoutReturn)
  }
  if (rest.length > 0) yield* decoder.decode(rest).split('\n').reverse().map(withoutReturn)
}

/** Not by slice(), which of a Buffer is a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
