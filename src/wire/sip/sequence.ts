/** A request's number and its method, once more (RFC 3261 section 20.16). */
export type CommandSequence = { readonly number: number; readonly method: string }

const CSEQ = /^(\d{1,10})\s+(\S+)$/

/** Reads CSeq; undefined where it is none or the number has more than 31 bits (RFC 3261 section 8.1.1.5). */
export function parseSequence(value: string): CommandSequence | undefined {
  const match = CSEQ.exec(value)
  if (match === null) return undefined
  const number = Number(match[1])
  return number < 2 ** 31 ? { number, method: match[2] as string } : undefined
}

/** Reads a number of seconds, as of Expires; undefined where it is none (RFC 3261 section 20.19). */
export function parseSeconds(value: string): number | undefined {
  if (!/^\d{1,10}$/.test(value)) return undefined
  return Math.min(Number(value), 2 ** 32 - 1)
}
