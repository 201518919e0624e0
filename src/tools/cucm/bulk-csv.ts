import { isPhoneCharacter } from '../../phones/config-files/phone-text.ts'
import { csvRows } from '../../phones/csv-field.ts'
import { deviceName, type MigratingPhone } from './migrating-phone.ts'

/**
 * The phones as a file for the Bulk Administration Tool: a heading, then one device a line, ended
 * by CR LF, fields quoted where RFC 4180 section 2 wants it.
 *
 * The columns are those by which the tool names what a phone is; what is not known stays empty, and
 * the phone template of the job fills it in.
 *
 * No field of any column can be a formula for a table program (`= + - @`, their fullwidth forms,
 * tab, CR): a description loses such a beginning, any other field gets an apostrophe before it, for
 * a number that is changed silently would be another phone's.
 */
export function renderBulkCsv(phones: readonly MigratingPhone[]): string {
  return csvRows([COLUMNS, ...phones.map(rowOf)])
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
  const number = onOneLine(directoryNumber ?? '')
  return [deviceName(mac), plainDescription(description ?? ''), type, 'SIP', number]
}

/** CallManager takes 50 characters and none of these. */
const LONGEST_DESCRIPTION = 50

function plainDescription(text: string): string {
  return onOneLine(text)
    .replace(/["<>\\&%[\]]/g, ' ')
    .trim()
    .replace(FORMULA, '$1')
    .slice(0, LONGEST_DESCRIPTION)
}

/** Blanks for what phones cannot show, line ends and fullwidth signs among it. */
function onOneLine(text: string): string {
  return [...text].map((character) => (isPhoneCharacter(character) ? character : ' ')).join('')
}

/**
 * What makes a formula of a field, at its beginning or after a mark at which a table program of
 * another country ends a field (`;`, `,`, `|`).
 */
const FORMULA = /(^|[;,|])\s*[=+\-@][\s=+\-@]*/gu
