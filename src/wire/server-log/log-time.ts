/** A line of a log, its time and program taken off. */
export type LogLine = {
  /** Milliseconds since 1970; null where the line has no time. */
  readonly atMs: number | null
  readonly message: string
}

/**
 * Takes off what stands before a message: the time in any usual form, host, program and process.
 * Times without a zone are read as universal time; only their distances mean anything.
 *
 * @param year - For the forms that have none.
 */
export function readLogLine(line: string, year: number): LogLine {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(line)
    if (match !== null) {
      const rest = line.slice(match[0].length)
      return { atMs: read(match, year), message: rest.replace(PROGRAM, '') }
    }
  }
  const behind = BEHIND.exec(line)
  if (behind !== null) return { atMs: atTheEnd(behind, year), message: line.slice(0, behind.index) }
  return { atMs: null, message: line.replace(PROGRAM, '') }
}

type Form = {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray, year: number) => number
}

/** `in.tftpd[1234]: `, `dnsmasq-tftp: `, `kea-dhcp4: INFO `. */
const PROGRAM = /^[\w./@-]{1,64}(?:\[\d{1,10}\])?: +/

const CLOCK = '(\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{1,9}))?'

const FORMS: readonly Form[] = [
  // RFC 3339, as rsyslog and journald write it: then the host. Kea writes a blank for the T.
  {
    pattern: RegExp(
      `^(\\d{4})-(\\d\\d)-(\\d\\d)[T ]${CLOCK}(Z|[+-]\\d\\d:?\\d\\d)?(?: (?=[\\w.-]+ [\\w./@-]+(?:\\[\\d+\\])?:)[\\w.-]+)? +`,
    ),
    read: ([, year, month, day, ...clock]) =>
      at(Number(year), Number(month) - 1, Number(day), clock) - zoneOf(clock[4]),
  },
  // RFC 3164: Nov 24 18:00:00 host; a program that writes a file of its own leaves out the host.
  {
    pattern: RegExp(
      `^([A-Z][a-z]{2}) +(\\d{1,2}) ${CLOCK} (?:(?![\\w./@-]+(?:\\[\\d+\\])?: )[\\w.:-]{1,255} )?`,
    ),
    read: ([, month = '', day, ...clock], year) =>
      at(year, MONTHS.indexOf(month), Number(day), clock),
  },
  // C's asctime, as Cisco document 5455 prints it: Wed Nov 06 11:58:51 2002:
  {
    pattern: RegExp(`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\\d{1,2}) ${CLOCK} (\\d{4}): `),
    read: ([, month = '', day, ...clock]) =>
      at(Number(clock[4]), MONTHS.indexOf(month), Number(day), clock),
  },
]

/** Tftpd64 writes it last: [24/11 18:00:00.123] */
const BEHIND = RegExp(` *\\[(\\d\\d)/(\\d\\d) ${CLOCK}\\]\\s*$`)

function atTheEnd([, day, month, ...clock]: RegExpExecArray, year: number): number {
  return at(year, Number(month) - 1, Number(day), clock)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function at(
  year: number,
  month: number,
  day: number,
  [hours, minutes, seconds, fraction = '0']: readonly (string | undefined)[],
): number {
  const ms = Math.round(Number(`0.${fraction}`) * 1000)
  return Date.UTC(year, month, day, Number(hours), Number(minutes), Number(seconds), ms)
}

function zoneOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? []
  if (sign === undefined) return 0
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -ms : ms
}
