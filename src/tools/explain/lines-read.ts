import { printable } from '../../services/printable.ts'

/** How much of a log was understood. */
export type LinesRead = {
  /** Lines with something in them. */
  readonly lines: number
  readonly unknownLines: number
  /** Those of the unknown that other programs wrote, about nothing of a phone's. */
  readonly foreignLines: number
  /** The first of the other unknown ones. */
  readonly firstUnknown: string | null
}

/** Below this share nothing can be said of what is missing. */
const ENOUGH = 0.5

/**
 * Whether too little was understood to say how the phones stand.
 *
 * @param hasPhones - Whether any phone was found; where there is none, each line that was not understood may
 *   have been about one.
 */
export function isTooLittle(read: LinesRead, hasPhones: boolean): boolean {
  const { lines, unknownLines, foreignLines } = read
  const missed = unknownLines - foreignLines
  const understood = lines - unknownLines
  if (missed === 0) return false
  return !hasPhones || understood / (understood + missed) < ENOUGH
}

/** The share of a log that was understood, in words. */
export function linesInWords(file: string, read: LinesRead): string {
  const { lines, unknownLines, foreignLines, firstUnknown } = read
  const understood = lines - unknownLines
  const share = Math.floor((100 * understood) / Math.max(1, lines))
  const missed = unknownLines - foreignLines
  const parts = [
    `${file}: ${understood} of ${lines} lines understood (${share} %)`,
    ...(foreignLines > 0 ? [`${foreignLines} of other programs`] : []),
    ...(missed > 0
      ? [`${missed} not understood, the first: "${printable((firstUnknown ?? '').trim())}"`]
      : []),
  ]
  return parts.join('; ')
}
