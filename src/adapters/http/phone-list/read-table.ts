import { CsvError, parse } from 'csv-parse/sync'

/** A table as it was read. Rows are counted as a spreadsheet does: the heading is row 1. */
export type Table = {
  /** As the heading has them, without blanks around them. */
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

/** A row of a table; empty rows are left out. */
export type TableRow = { readonly row: number; readonly cells: readonly string[] }

/** What is wrong with a table, and where. */
export type TableProblem = {
  readonly row: number
  readonly column?: string
  readonly message: string
}

/** A cell with this many bytes and more is none of a phone's. */
const LONGEST_ROW_BYTES = 64 * 1024

/**
 * Reads a CSV file as spreadsheets save it: UTF-8 with or without BOM, fields between commas,
 * semicolons or tabs (`sep=;` in a line of its own as well), any line ends, quotes as in RFC 4180.
 * Everything else is refused in words.
 *
 * @param mostRows - More are not read; one more is read to count them.
 */
export function readTable(
  bytes: Uint8Array,
  mostRows: number,
): { readonly kind: 'table'; readonly table: Table } | Faulty {
  const text = textOf(bytes)
  if (typeof text !== 'string') return text
  const { content, delimiter } = delimiterOf(text)
  try {
    const records: string[][] = parse(content, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: LONGEST_ROW_BYTES,
    })
    return tableOf(records, mostRows)
  } catch (error) {
    if (error instanceof CsvError) return faulty(rowOf(error), wordsOf(error))
    throw error
  }
}

type Faulty = { readonly kind: 'faulty'; readonly problems: readonly TableProblem[] }

function faulty(row: number, message: string): Faulty {
  return { kind: 'faulty', problems: [{ row, message }] }
}

const SAVE_AGAIN = 'save the sheet as "CSV UTF-8"'

function textOf(bytes: Uint8Array): string | Faulty {
  const [first, second] = bytes
  if (first === 0x50 && second === 0x4b) {
    return faulty(1, `the file is a workbook or another ZIP archive; ${SAVE_AGAIN}`)
  }
  // ASCII in UTF-16 has a NUL in every other byte, with or without a byte order mark.
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (hasMark || bytes.subarray(0, 4).includes(0)) {
    return faulty(1, `the file is in UTF-16 ("Unicode text"); ${SAVE_AGAIN}`)
  }
  if (bytes.includes(0)) return faulty(1, 'the file has NUL characters; it is no text')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return faulty(1, `the file is not in UTF-8; ${SAVE_AGAIN}`)
  }
}

const DELIMITERS = [',', ';', '\t'] as const

/** By the line that says so, or else by what the heading has most of. */
function delimiterOf(text: string): { readonly content: string; readonly delimiter: string } {
  const [whole, named] = /^"?sep=([,;\t])"?(?:\r\n|\n|\r)/i.exec(text) ?? []
  if (whole !== undefined && named !== undefined) {
    return { content: text.slice(whole.length), delimiter: named }
  }
  const [heading = ''] = text.split(/[\r\n]/, 1)
  const count = (delimiter: string) => heading.split(delimiter).length
  const [most] = [...DELIMITERS].sort((a, b) => count(b) - count(a))
  return { content: text, delimiter: most ?? ',' }
}

function tableOf(
  records: readonly (readonly string[])[],
  mostRows: number,
): { readonly kind: 'table'; readonly table: Table } | Faulty {
  const [heading = []] = records
  const columns = trimmedEnd(heading).map((name) => name.trim())
  const numbered = records.map((cells, index) => ({ row: index + 1, cells }))
  const rows = numbered.slice(1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (rows.length > mostRows) {
    return faulty(rows[mostRows]?.row ?? 1, `there are ${rows.length} rows; ${mostRows} at most`)
  }
  const wide = rows.filter(({ cells }) => trimmedEnd(cells).length > columns.length)
  if (wide.length === 0) return { kind: 'table', table: { columns, rows } }
  const problems = wide.map(({ row, cells }) => ({
    row,
    message:
      `has ${trimmedEnd(cells).length} fields, the heading has ${columns.length}; ` +
      'put a field that holds the separator in quotes',
  }))
  return { kind: 'faulty', problems }
}

/** Without the empty cells at its end, of which spreadsheets like to write some. */
function trimmedEnd(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1)
}

/** The parser counts the rows before the one that it could not read. */
function rowOf({ records }: CsvError): number {
  return typeof records === 'number' ? records + 1 : 1
}

function wordsOf({ code }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened and never closed'
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return 'a quote stands within a field; put the field in quotes and write each quote twice'
    case 'CSV_MAX_RECORD_SIZE':
      return `the row is longer than ${LONGEST_ROW_BYTES / 1024} KiB`
    default:
      return `the row is no CSV (${code})`
  }
}
