/** A length of time; `Infinity` where the operator wrote `infinite`. */
export type Duration = { readonly seconds: number }

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }
const PART = /(\d{1,10})([smhdw])/g
const WHOLE = /^(?:\d{1,10}[smhdw]){1,5}$/

// RFC 2131 section 3.3: a lease time is 32 bits, and all ones mean infinity.
const MAX_SECONDS = 0xfffffffe

/**
 * Reads a duration with its unit: `90s`, `5m`, `1h`, `1h30m`, `2d`, `1w`, or `infinite`.
 *
 * A bare number is refused, because nobody can tell seconds from minutes in it.
 *
 * @returns 1 second to 2^32 - 2 seconds, or infinity; undefined where the text is none of these.
 */
export function parseDuration(text: string): Duration | undefined {
  if (text === 'infinite') return { seconds: Number.POSITIVE_INFINITY }
  if (!WHOLE.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit = ''] of text.matchAll(PART)) {
    seconds += Number(count) * (UNIT_SECONDS[unit] as number)
  }
  return seconds >= 1 && seconds <= MAX_SECONDS ? { seconds } : undefined
}

/** Prints a duration as it may be written in a configuration: `1h30m`. */
export function formatDuration({ seconds }: Duration): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'infinite'
  let rest = seconds
  let text = ''
  for (const unit of ['d', 'h', 'm', 's']) {
    const length = UNIT_SECONDS[unit] as number
    const count = Math.floor(rest / length)
    if (count > 0) text += `${count}${unit}`
    rest -= count * length
  }
  return text
}
