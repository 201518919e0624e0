import { findTextFault } from '../../phones/config-files/phone-text.ts'
import { family, isPhoneModel, type PhoneModel } from '../../phones/family/family.ts'
import type { MigratingPhone } from './migrating-phone.ts'

/** The phones of a list, or every line that is wrong with it. */
export type PhoneList = {
  readonly phones: readonly MigratingPhone[]
  readonly problems: readonly { readonly line: number; readonly message: string }[]
}

/**
 * Reads a list of phones: a line each, `MAC,description,model,directory number`, all but the MAC
 * at will; `;` and tabs separate as well. A heading, blank lines and `#` comments are passed over.
 *
 * @param readMac - Reads a MAC address in any usual spelling.
 * @param findFault - Why no phone can have an address that could be read.
 */
export function readPhoneList<Mac extends string>(
  text: string,
  readMac: (text: string) => Mac | undefined,
  findFault: (mac: Mac) => string | undefined = () => undefined,
): PhoneList {
  const phones: MigratingPhone[] = []
  const problems: { line: number; message: string }[] = []
  const seen = new Map<string, number>()
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (lines.length > MOST_LINES) {
    const message = `the list goes on for ${lines.length} lines; ${MOST_LINES} at most are read`
    return { phones, problems: [{ line: MOST_LINES + 1, message }] }
  }
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    if (isPassedOver(raw)) continue
    const fields = fieldsOf(raw)
    const mac = readMac(fields[0])
    const fault = mac === undefined ? undefined : findFault(mac)
    const before = seen.get(mac ?? '')
    const message = faultOr(mac, fault, { fields, mac, before, isFirst: line === 1 })
    if (message !== null) problems.push({ line, message })
    else if (mac !== undefined) {
      seen.set(mac, line)
      phones.push(phoneOf(mac, fields))
    }
  }
  return { phones, problems }
}

/** Blank lines and comments. */
function isPassedOver(line: string): boolean {
  return line.trim() === '' || line.startsWith('#')
}

function faultOr(mac: string | undefined, fault: string | undefined, row: Row): string | null {
  return fault === undefined ? problemOf(row) : `${mac} ${fault}`
}

function phoneOf(
  mac: string,
  [, description = '', model = '', directoryNumber = '']: readonly string[],
): MigratingPhone {
  return {
    mac,
    model: model === '' ? null : (model as PhoneModel),
    description: description || null,
    directoryNumber: directoryNumber || null,
  }
}

/** One line of the list, and the line in which its MAC address stood before. */
type Row = {
  readonly fields: readonly string[]
  readonly mac: string | undefined
  readonly before: number | undefined
  readonly isFirst: boolean
}

/** What a reader makes of bytes that are not UTF-8. */
const NOT_UTF8 = /\ufffd/
const IN_UTF8 = '; is the list in UTF-8?'

/** As many phones as the largest cluster has. */
const MOST_LINES = 60_000

function problemOf(row: Row): string | null {
  const [name = '', description = '', model = '', directoryNumber = ''] = row.fields
  if (row.mac === undefined) {
    return isHeading(row, name) ? null : `${JSON.stringify(name.slice(0, 40))} is no MAC address`
  }
  if (row.before !== undefined) return `${row.mac} stands in line ${row.before} already`
  if (model !== '' && !isPhoneModel(model)) {
    return `${JSON.stringify(model.slice(0, 40))} is no model; ${family.either} is wanted`
  }
  return textProblem({ description, 'directory number': directoryNumber })
}

/** Anything else that is no address may be a typing error. */
function isHeading({ isFirst }: Row, name: string): boolean {
  return isFirst && /^(?:mac|device)\b/i.test(name)
}

function textProblem(texts: Readonly<Record<string, string>>): string | null {
  for (const [what, text] of Object.entries(texts)) {
    const fault = findTextFault(text, 'free')
    if (fault !== undefined) return `${what}: ${fault}${NOT_UTF8.test(text) ? IN_UTF8 : ''}`
  }
  return null
}

/** Fields, quoted or not (RFC 4180 section 2). */
/** The fields of a line, one at least: an empty line has an empty one. */
function fieldsOf(line: string): readonly [string, ...string[]] {
  const fields = [...line.matchAll(/(?:^|[,;\t])(?:[ ]*"((?:[^"]|"")*)"[ ]*|([^,;\t]*))/g)].map(
    ([, quoted, plain = '']) => (quoted?.replaceAll('""', '"') ?? plain).trim(),
  )
  return fields as [string, ...string[]]
}
