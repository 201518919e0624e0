import type { EntryProblem } from '../../../inventory/inventory-outcome.ts'
import type { PhoneRow } from '../../../inventory/phone-import.ts'
import type { ConversionRequest } from '../../../services/services.ts'
import type { RowFault } from '../problem.ts'

/** One phone of a list that was read, and what it is to be converted to. */
export type ListRow = {
  /** In CSV as a spreadsheet counts, the heading being row 1; in JSON from 1. */
  readonly row: number
  readonly change: PhoneRow
  readonly conversion: ConversionRequest | null
}

/** A problem of one row. */
export type ListProblem = RowFault

/** A list as it was read. */
export type ReadList = {
  readonly kind: 'csv' | 'json'
  readonly rows: readonly ListRow[]
  readonly problems: readonly ListProblem[]
}

/** A problem of an entry as one of its row in a JSON list. */
export function inJson(row: number, { path, message }: EntryProblem): ListProblem {
  const [, column] = path.split('/')
  return { row, ...(column ? { column } : {}), path: `/${row - 1}${path}`, message }
}

/** Problems of phones that stand in the list twice. */
export function findTwice(rows: readonly ListRow[]): readonly ListProblem[] {
  const firsts = new Map<string, number>()
  return rows.flatMap(({ row, change: { mac } }) => {
    const first = firsts.get(mac)
    if (first === undefined) firsts.set(mac, row)
    return first === undefined
      ? []
      : [{ row, column: 'mac', message: `${mac} is in row ${first} already` }]
  })
}
