/** A line of a log, taken apart. */
export type LogLine = {
  /** Milliseconds since 1970; null where the line has no time. */
  readonly atMs: number | null
  /** What wrote it, as far as the line says. */
  readonly program: string | null
  /** The number of its process, and of the thread where it adds one. */
  readonly process: string | null
  readonly message: string
}

/**
 * Takes off what stands before a message: the time in any usual form, host, program and process.
 * Times without a zone are read as universal time; only their distances mean anything.
 *
 * @param year - For the forms that have none.
 */
export function readLogLine(line: string, year: number): LogLine {
  const bare = withoutQuotes(line.replace(BEFORE_ALL, ''))
  const modern = RFC_5424.exec(bare)
  if (modern !== null) return readModern(modern, bare.slice(modern[0].length))
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(bare)
    if (match !== null) return withProgram(read(match, year), bare.slice(match[0].length))
  }
  const behind = BEHIND.exec(bare)
  if (behind === null) return withProgram(null, bare)
  return withProgram(atTheEnd(behind, year), bare.slice(0, behind.index))
}

/** A line of a table as spreadsheets write it: columns in quotes, with commas between them. */
function withoutQuotes(line: string): string {
  if (!/^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")+\s*$/.test(line)) return line
  return line.trim().slice(1, -1).replaceAll('","', '\t').replaceAll('""', '"')
}

/** The priority of RFC 3164 section 4.1.1, the file that `grep` names, the service of a compose file. */
const BEFORE_ALL =
  /^(?:\ufeff|<\d{1,3}>(?=[A-Z][a-z]{2} |\d{4}-)|[\w./-]{1,100}:(?=[A-Z][a-z]{2} +\d{1,2} \d\d:|\d{4}-\d\d-\d\d)|[\w.-]{1,64} +\| )+/

type Form = {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray, year: number) => number
}

/** `in.tftpd[1234]: `, `atftpd[1234.140]: `, `dnsmasq-tftp: `, `kea-dhcp4: INFO `. */
const PROGRAM = /^([\w./@-]{1,64})(?:\[(\d{1,10}(?:\.\d{1,20})?)\])?: +/

/** What OPNsense and others write in a column of its own. */
const SEVERITY =
  /^(?:emergency|alert|critical|error|warning|notice|informational|info|debug|err|crit|warn)$/i

/**
 * What may stand between the time and the program: the time since the start (`logread -t`), facility and
 * level (syslog of BusyBox), the number and the time of a router that logs by syslog, and a host without a time.
 */
const BETWEEN =
  /^(?:\[\d{1,12}\.\d{1,9}\] |(?:kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp|local\d)\.[a-z]{3,7} |\d{1,10}: (?=[*.]?[A-Z][a-z]{2} )|[*.]?[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?[\d:.]{8,18}(?: [A-Z]{2,5})?: |[\w-]{1,64} (?=[\w./@-]{1,64}\[\d{1,10}\]: ))+/

function withProgram(atMs: number | null, line: string): LogLine {
  const rest = line.replace(BETWEEN, '')
  if (rest.includes('\t')) return ofColumns(atMs, rest)
  const match = PROGRAM.exec(rest)
  if (match === null) return { atMs, program: null, process: null, message: rest }
  const [head, program = '', process = null] = match
  return { atMs, program, process, message: rest.slice(head.length) }
}

/** Exports of OPNsense (severity, program, message) and pfSense (program, process, message). */
function ofColumns(atMs: number | null, rest: string): LogLine {
  const columns = rest
    .split('\t')
    .map((column) => column.trim())
    .filter((column) => column !== '')
  const message = columns.pop() ?? ''
  const before = columns.filter((column) => !SEVERITY.test(column))
  const process = before.find((column) => /^\d{1,10}$/.test(column)) ?? null
  const program = before.findLast((column) => /^[A-Za-z][\w./@-]{0,63}$/.test(column)) ?? null
  if (program !== null) return { atMs, program, process, message }
  return withProgram(atMs, message)
}

/** RFC 5424 section 6: version, time, host, program, process, message kind, structured data. */
const RFC_5424 =
  /^(?:<\d{1,3}>)?1 (\S{1,40}) \S{1,255} (\S{1,48}) (\S{1,128}) \S{1,32} (?:-|(?:\[(?:[^\]\\]|\\.){0,2000}\]){1,8})(?: \ufeff?|$)/

function readModern([, time = '', app = '', proc = '']: RegExpExecArray, message: string): LogLine {
  const at = Date.parse(time)
  const line = withProgram(Number.isNaN(at) ? null : at, message)
  if (line.program !== null) return line
  const process = /^\d{1,10}$/.test(proc) ? proc : null
  return { ...line, program: app === '-' ? null : app, process }
}

const CLOCK = '(\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{1,9}))?'
const HOST_BEFORE_PROGRAM = '[\\w.-]+ (?=[\\w./@-]+(?:\\[[\\d.]+\\])?:)'

const FORMS: readonly Form[] = [
  // RFC 3339, as rsyslog and journald write it: then the host. Kea writes a blank for the T, exports
  // of firewalls a tab after it.
  {
    pattern: RegExp(
      `^(\\d{4})-(\\d\\d)-(\\d\\d)[T ]${CLOCK}(Z|[+-]\\d\\d:?\\d\\d)?(?=\\s)(?: ${HOST_BEFORE_PROGRAM})? *`,
    ),
    read: ([, year, month, day, ...clock]) =>
      at(Number(year), Number(month) - 1, Number(day), clock) - zoneOf(clock[4]),
  },
  // RFC 3164: Nov 24 18:00:00 host; a program that writes a file of its own leaves out the host.
  {
    pattern: RegExp(
      `^([A-Z][a-z]{2}) +(\\d{1,2}) ${CLOCK}(?:\\t| (?:(?![\\w./@-]+(?:\\[[\\d.]+\\])?: )[\\w.:-]{1,255} )?)`,
    ),
    read: ([, month = '', day, ...clock], year) =>
      at(year, MONTHS.indexOf(month), Number(day), clock),
  },
  // C's asctime: Cisco document 5455 puts a colon after it, logread of OpenWrt facility and level.
  {
    pattern: RegExp(
      `^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\\d{1,2}) ${CLOCK} (\\d{4})(?::| (?:\\[\\d{1,12}\\.\\d{1,9}\\] )?[a-z]\\w*\\.[a-z]+) `,
    ),
    read: ([, month = '', day, ...clock]) =>
      at(Number(clock[4]), MONTHS.indexOf(month), Number(day), clock),
  },
  // journalctl -o short-full: Mon 2023-01-02 10:00:00 EST host
  {
    pattern: RegExp(
      `^[A-Z][a-z]{2} (\\d{4})-(\\d\\d)-(\\d\\d) ${CLOCK} [A-Z]{2,5} (?:${HOST_BEFORE_PROGRAM})?`,
    ),
    read: ([, year, month, day, ...clock]) =>
      at(Number(year), Number(month) - 1, Number(day), clock),
  },
  // journalctl -o short-unix: 1700000000.123456 host
  {
    pattern: RegExp(`^(\\d{9,11}\\.\\d{3,9}) (?:${HOST_BEFORE_PROGRAM})?`),
    read: ([, seconds]) => Math.round(Number(seconds) * 1_000),
  },
  // PumpKIN: [2021-07-03 10:03:20 +0000]
  {
    pattern: RegExp(`^\\[(\\d{4})-(\\d\\d)-(\\d\\d) ${CLOCK} ?([+-]\\d{4})?\\] `),
    read: ([, year, month, day, ...clock]) =>
      at(Number(year), Number(month) - 1, Number(day), clock) - zoneOf(clock[4]),
  },
  // Open TFTP Server: [22-Feb-17 21:24:20]
  {
    pattern: RegExp(`^\\[(\\d\\d)-([A-Z][a-z]{2})-(\\d\\d) ${CLOCK}\\] `),
    read: ([, day, month = '', year, ...clock]) =>
      at(2000 + Number(year), MONTHS.indexOf(month), Number(day), clock),
  },
  // IOS, with or without a number before it: *Mar  1 00:01:02.123 UTC:
  {
    pattern: RegExp(
      `^(?:\\d{1,10}: )?[*.]?([A-Z][a-z]{2}) +(\\d{1,2}) (?:(\\d{4}) )?${CLOCK}(?: [A-Z]{2,5})?: `,
    ),
    read: ([, month = '', day, year, ...clock], guess) =>
      at(Number(year ?? guess), MONTHS.indexOf(month), Number(day), clock),
  },
]

/** Tftpd64 writes it last: [24/11 18:00:00.123] */
const BEHIND = RegExp(` *\\[(\\d\\d)/(\\d\\d) ${CLOCK}\\]\\s*$`)

function atTheEnd([, day, month, ...clock]: RegExpExecArray, year: number): number {
  // Where the month stands first no day is below 13.
  const isTurned = Number(month) > 12
  const [first, second] = isTurned ? [day, month] : [month, day]
  return at(year, Number(first) - 1, Number(second), clock)
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
