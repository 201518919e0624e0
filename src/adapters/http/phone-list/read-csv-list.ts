import type { LinePatch } from '../../../inventory/line-patch.ts'
import type { PhonePatch } from '../../../inventory/phone-draft.ts'
import { parseIpv4 } from '../../../net/ipv4.ts'
import { type Mac, parseMac } from '../../../net/mac.ts'
import { parseSwitchPort } from '../../../net/switch-port.ts'
import { csvValue } from '../../../phones/csv-field.ts'
import { family, isPhoneModel } from '../../../phones/family/family.ts'
import type { ConversionRequest } from '../../../services/services.ts'
import { findTwice, type ListProblem, type ListRow, type ReadList } from './list-row.ts'
import {
  EXPORT_COLUMNS,
  LINE_COLUMNS,
  lineColumn,
  MOST_LINES,
  PHONE_COLUMNS,
} from './phone-columns.ts'
import { readTable, type TableRow } from './read-table.ts'

/** What is said once for all rows. */
export type ListOptions = { readonly acceptOneWay: boolean; readonly mostRows: number }

/**
 * Reads phones of a CSV file. An empty cell changes nothing, `-` clears; apostrophes that an export
 * puts before formulas are taken away.
 */
export function readCsvList(bytes: Uint8Array, options: ListOptions): ReadList {
  const read = readTable(bytes, options.mostRows)
  if (read.kind === 'faulty') return { kind: 'csv', rows: [], problems: read.problems }
  const columns = read.table.columns.map(knownSpelling)
  const faults = findColumnProblems(columns)
  if (faults.length > 0) return { kind: 'csv', rows: [], problems: faults }
  const found = read.table.rows.map((row) => readRow(row, columns, options))
  const rows = found.flatMap(({ row }) => row ?? [])
  const problems = [...found.flatMap((one) => one.problems), ...findTwice(rows)]
  return { kind: 'csv', rows, problems: problems.sort((a, b) => a.row - b.row) }
}

/** Columns are known in any case; one that is not known stays as it was written. */
function knownSpelling(name: string): string {
  const lower = name.toLowerCase()
  return EXPORT_COLUMNS.find((known) => known.toLowerCase() === lower) ?? name
}

function findColumnProblems(columns: readonly string[]): readonly ListProblem[] {
  const problem = (column: string, message: string) => ({ row: 1, column, message })
  const known = `the columns are ${PHONE_COLUMNS.join(', ')}, line1_name … line6_displayName, to, from`
  if (!columns.includes('mac')) {
    return [problem('mac', `the heading names no column mac; ${known}`)]
  }
  return columns.flatMap((column, index) => {
    if (!EXPORT_COLUMNS.includes(column)) {
      const name = column === '' ? `column ${index + 1} without a name` : JSON.stringify(column)
      return [problem(column, `${name} is no known column; ${known}`)]
    }
    return columns.indexOf(column) === index ? [] : [problem(column, 'the column is there twice')]
  })
}

function readRow(
  { row, cells }: TableRow,
  columns: readonly string[],
  { acceptOneWay }: ListOptions,
): { readonly row: ListRow | null; readonly problems: readonly ListProblem[] } {
  const reader = new RowReader(row, new Map(columns.map((name, at) => [name, cells[at] ?? ''])))
  const mac = reader.mac()
  const patch = reader.patch()
  const conversion = reader.conversion(acceptOneWay)
  const { problems } = reader
  if (mac === undefined) return { row: null, problems }
  return { row: { row, change: { mac, patch, lines: reader.lines() }, conversion }, problems }
}

/** One row while it is read: its cells, and what is wrong with them. */
class RowReader {
  readonly problems: ListProblem[] = []
  readonly #row: number
  readonly #cells: ReadonlyMap<string, string>

  constructor(row: number, cells: ReadonlyMap<string, string>) {
    this.#row = row
    this.#cells = cells
  }

  mac(): Mac | undefined {
    const text = (this.#cells.get('mac') ?? '').trim()
    const mac = parseMac(text)
    if (mac === undefined) this.#refuse('mac', macFault(text))
    return mac
  }

  patch(): PhonePatch {
    const model = this.#name('model')
    const isKnown = model == null || isPhoneModel(model)
    if (!isKnown) this.#refuse('model', `${quoted(model)} is no model; write ${family.either}`)
    const given = {
      model: isKnown ? model : undefined,
      network: this.#name('network'),
      profile: this.#name('profile'),
      label: this.#text('label'),
      address: this.#parsed('address', parseIpv4, 'IPv4 address; write it as 10.20.0.61'),
      switchPort: this.#parsed(
        'switchPort',
        parseSwitchPort,
        'port of a switch; write it as sw1/7',
      ),
    }
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  }

  lines(): readonly (LinePatch | undefined)[] {
    return Array.from({ length: MOST_LINES }, (_, place) => {
      const given = LINE_COLUMNS.map((field) => [field, this.#text(lineColumn(place, field))])
      const said = given.filter(([, value]) => value !== undefined)
      return said.length === 0 ? undefined : (Object.fromEntries(said) as LinePatch)
    })
  }

  conversion(acceptOneWay: boolean): ConversionRequest | null {
    const to = this.#name('to')
    const from = this.#name('from') ?? null
    if (to === null) this.#refuse('to', 'a list cancels no conversion; leave the cell empty')
    if (to === undefined && from !== null) {
      this.#refuse('from', 'says where a conversion begins, and "to" names none')
    }
    return to == null ? null : { to, from, path: undefined, acceptOneWay }
  }

  /** Undefined: the cell is empty; null: it clears. */
  #text(column: string): string | null | undefined {
    const cell = this.#cells.get(column) ?? ''
    if (cell.trim() === '') return undefined
    return cell.trim() === '-' ? null : csvValue(cell)
  }

  /** The same of a name, around which blanks mean nothing. */
  #name(column: string): string | null | undefined {
    return this.#text(column)?.trim() ?? this.#text(column)
  }

  #parsed<Value>(
    column: string,
    parse: (text: string) => Value | undefined,
    wanted: string,
  ): Value | null | undefined {
    const text = this.#name(column)
    if (text === undefined || text === null) return text
    const value = parse(text)
    if (value === undefined) this.#refuse(column, `${quoted(text)} is no ${wanted}`)
    return value
  }

  #refuse(column: string, message: string): void {
    this.problems.push({ row: this.#row, column, message })
  }
}

function macFault(text: string): string {
  if (text === '') return 'there is no MAC address in this row'
  const wanted = `${quoted(text)} is no MAC address; write it as 000E84C060A6 or 00:0e:84:c0:60:a6`
  return /^\d+(?:[.,]\d+)?E\+?\d+$/i.test(text) || /^\d{1,11}$/.test(text)
    ? `${wanted}. The spreadsheet took it for a number: make its column text, or use colons`
    : wanted
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
