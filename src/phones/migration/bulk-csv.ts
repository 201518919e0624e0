import { isLineBreaking } from '../config-files/plain-text.ts'
import { deviceName, type MigratingPhone } from './migrating-phone.ts'

/**
 * The phones as a file for the Bulk Administration Tool: a heading, then one device a line, ended
 * by CR LF, fields quoted where RFC 4180 section 2 wants it.
 *
 * The columns are those by which the tool names what a phone is; what is not known stays empty, and
 * the phone template of the job fills it in.
 */
export function renderBulkCsv(phones: readonly MigratingPhone[]): string {
  return [COLUMNS, ...phones.map(rowOf)].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

const COLUMNS = [
  'Device Name',
  'Description',
  'Device Type',
  'Device Protocol',
  'Directory Number 1',
] as const

function rowOf({ mac, model, description, directoryNumber }: MigratingPhone): readonly string[] {
  const type = model === null ? '' : `Cisco ${model}`
  return [deviceName(mac), plainDescription(description ?? ''), type, 'SIP', directoryNumber ?? '']
}

/** CallManager takes 50 characters and none of these. */
const LONGEST_DESCRIPTION = 50

function plainDescription(text: string): string {
  const plain = [...text].map((character) => {
    return isLineBreaking(character) || /["<>\\&%[\]]/.test(character) ? ' ' : character
  })
  // A table program would take a leading = + - or @ for a formula.
  return plain
    .join('')
    .trim()
    .replace(/^[=+\-@\s]+/, '')
    .slice(0, LONGEST_DESCRIPTION)
}

function field(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
