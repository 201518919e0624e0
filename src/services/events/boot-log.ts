import type { RecordedEvent } from './journal.ts'

/**
 * The TFTP log of one phone in the form of Cisco document 5455, section "TFTP Server Log of a
 * Phone Booting Up".
 */
export function bootLog(events: readonly RecordedEvent[]): string {
  return events.flatMap(linesOf).join('')
}

/** A `#` for each so many bytes, as in the document's log of an image. */
const BYTES_A_MARK = 10_240
const MARKS_A_LINE = 64
/** More than any image needs: a number from a damaged row must not fill the memory. */
const MAX_MARKS = 4_096

function linesOf({ event, atMs, fields }: RecordedEvent): readonly string[] {
  const { name, client, requestedName, mode, outcome, bytes } = fields
  const time = timeOf(atMs)
  if (event === 'tftp.transfer.started') {
    return [
      `${time}: Sending '${name}' file to ${client}\nin ${mode === 'netascii' ? 'ascii' : 'binary'} mode\n`,
    ]
  }
  if (event === 'tftp.transfer.ended') {
    const ending = outcome === 'complete' ? 'Successful.' : `Failed ( ${outcome} ).`
    return [marksFor(Number(bytes)), `${time}: ${ending}\n`]
  }
  if (event !== 'tftp.request.absent') return []
  return [
    `${time}: '${printable(requestedName)}' asked for by ${client}\n${time}: Failed ( File not found ).\n`,
  ]
}

/** A name comes from the network: with a line end in it, it could write lines of its own. */
function printable(name: unknown): string {
  return `${name}`.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

function marksFor(bytes: number): string {
  const marks = '#'.repeat(Math.min(MAX_MARKS, Math.max(1, Math.ceil(bytes / BYTES_A_MARK) || 1)))
  return marks.replace(new RegExp(`.{1,${MARKS_A_LINE}}`, 'g'), '$&\n')
}

/** `Mon Sep 11 15:24:53 2000`, in universal time: C's asctime without its line end. */
function timeOf(atMs: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(atMs)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${weekday} ${month} ${day} ${time} ${year}`
}
