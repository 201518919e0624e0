import type { EntryProblem } from '../../../inventory/inventory-outcome.ts'
import type { ConversionRequest } from '../../../services/services.ts'
import { patchFromBody } from '../phone-draft.ts'
import { ProblemError } from '../problem.ts'
import { readMac } from '../read-values.ts'
import type { PhoneListEntry } from '../schemas/phone-import.ts'
import { findTwice, inJson, type ListProblem, type ListRow, type ReadList } from './list-row.ts'

/** Reads phones of a JSON array: each a merge patch (RFC 7396) with the phone's MAC address. */
export function readJsonList(entries: readonly PhoneListEntry[], acceptOneWay: boolean): ReadList {
  const rows: ListRow[] = []
  const problems: ListProblem[] = []
  for (const [index, entry] of entries.entries()) {
    const row = index + 1
    const read = readEntry(row, entry, acceptOneWay)
    if (Array.isArray(read)) problems.push(...read.map((problem) => inJson(row, problem)))
    else rows.push(read as ListRow)
  }
  const twice = findTwice(rows).map(({ row, message }) => inJson(row, { path: '/mac', message }))
  return { kind: 'json', rows, problems: [...problems, ...twice].sort((a, b) => a.row - b.row) }
}

function readEntry(
  row: number,
  entry: PhoneListEntry,
  acceptOneWay: boolean,
): ListRow | readonly EntryProblem[] {
  const { to, from, mac: spelled, ...body } = entry
  const conversion: ConversionRequest | null =
    to == null ? null : { to, from: from ?? null, path: undefined, acceptOneWay }
  if (conversion === null && from != null) {
    return [{ path: '/from', message: 'says where a conversion begins, and "to" names none' }]
  }
  try {
    const mac = readMac(spelled, '/mac')
    const built = patchFromBody(mac, body)
    if (built.kind === 'refused') return built.problems
    return { row, change: { mac, patch: built.patch }, conversion }
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.problems as readonly EntryProblem[]
    throw error
  }
}
