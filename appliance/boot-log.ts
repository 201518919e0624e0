import type { RecordedEvent } from './journal.ts'

/**
 * The TFTP log of one phone in the form of Cisco document 5455, section "TFTP Server Log of a
 * Phone Booting Up": who knows such logs can read this one.
 */
export function bootLog(events: readonly RecordedEvent[]): string {
  return events.flatMap(linesOf).join('')
}

/** A `#` for each so many octets, as in the document's log of an image. */
const BYTES_A_MARK = 10_240
const MARKS_A_LINE = 64

function linesOf({ event, atMs, fields }: RecordedEvent): readonly string[] {
  const { name, client, requestedName, outcome, bytes } = fields
  const time = timeOf(atMs)
  if (event === 'tftp.transfer.started') {
    return [`${time}: Sending '${name}' file to ${client}\nin binary mode\n`]
  }
  if (event === 'tftp.transfer.ended') {
    const ending = outcome === 'complete' ? 'Successful.' : `Failed ( ${outcome} ).`
    return [marksFor(Number(bytes)), `${time}: ${ending}\n`]
  }
  if (event !== 'tftp.request.absent') return []
  return [
    `${time}: '${requestedName}' asked for by ${client}\n${time}: Failed ( File not found ).\n`,
  ]
}

function marksFor(bytes: number): string {
  const marks = '#'.repeat(Math.max(1, Math.ceil(bytes / BYTES_A_MARK)))
  return `${(marks.match(new RegExp(`.{1,${MARKS_A_LINE}}`, 'g')) ?? []).join('\n')}\n`
}

/** `Mon Sep 11 15:24:53 2000`, in universal time: C's asctime without its line end. */
function timeOf(atMs: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(atMs)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${weekday} ${month} ${day} ${time} ${year}`
}
