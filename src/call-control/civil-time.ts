/** A moment as a calendar and a clock show it, in UTC. */
export type CivilTime = {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

const DAY_MS = 86_400_000
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Reads a moment off the calendar: engines own no clock, so none of the platform's is asked.
 *
 * @param atMs - Milliseconds since 1970-01-01, not negative.
 */
export function civilTimeOf(atMs: number): CivilTime {
  const days = Math.floor(atMs / DAY_MS)
  const inDay = Math.floor(atMs - days * DAY_MS)
  return {
    ...dateOf(days),
    // 1970-01-01 was a Thursday.
    weekday: (days + 4) % 7,
    hour: Math.floor(inDay / 3_600_000),
    minute: Math.floor(inDay / 60_000) % 60,
    second: Math.floor(inDay / 1000) % 60,
    millisecond: inDay % 1000,
  }
}

/** A moment as a Date field has it (RFC 3261 section 20.17). */
export function sipDateOf(atMs: number): string {
  const { year, month, day, weekday, hour, minute, second } = civilTimeOf(atMs)
  const two = (number: number) => String(number).padStart(2, '0')
  const date = `${WEEKDAYS[weekday]}, ${two(day)} ${MONTHS[month - 1]} ${year}`
  return `${date} ${two(hour)}:${two(minute)}:${two(second)} GMT`
}

/**
 * The proleptic Gregorian calendar, counted in years that begin in March so that the leap day is
 * their last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
 */
function dateOf(days: number): Pick<CivilTime, 'year' | 'month' | 'day'> {
  const sinceMarch = days + 719_468
  const era = Math.floor(sinceMarch / 146_097)
  const dayOfEra = sinceMarch - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}
