import { createHash } from 'node:crypto'
import type { ImportOutcome, RowChange } from '../../../inventory/phone-import.ts'
import type { Mac } from '../../../net/mac.ts'
import type {
  ConversionRequest,
  ConversionService,
  InventoryService,
} from '../../../services/services.ts'
import type { ImportedPhone, ImportReport } from '../schemas/phone-import.ts'
import { inJson, type ListProblem, type ListRow, type ReadList } from './list-row.ts'
import { columnOf } from './phone-columns.ts'

/** Who stores phones and starts conversions. */
export type ImportServices = {
  readonly inventory: Pick<InventoryService, 'phone' | 'importPhones'>
  readonly conversions: Pick<ConversionService, 'preview' | 'start'>
}

/** What came of a list. */
export type ImportAnswer =
  | { readonly kind: 'done'; readonly report: ImportReport; readonly revision: string }
  | { readonly kind: 'refused'; readonly problems: readonly ListProblem[] }
  | { readonly kind: 'conflict'; readonly mac: Mac | null }

/** What an import is asked for: to report alone, and only if the phones are still at this revision. */
export type ImportOptions = {
  readonly isDryRun: boolean
  readonly isExpected: (revision: string) => boolean
}

/**
 * Stores the phones of a list and starts their conversions: all of them, or nothing if any row has a
 * problem. Conversions are judged before anything is stored.
 */
export async function importPhones(
  list: ReadList,
  { isDryRun, isExpected }: ImportOptions,
  services: ImportServices,
): Promise<ImportAnswer> {
  const { inventory } = services
  const rows = list.rows.map((one) => withRevision(one, inventory))
  const revision = revisionOf(rows)
  if (!isExpected(revision)) return { kind: 'conflict', mac: null }
  const preview = await inventory.importPhones(changesOf(rows), true)
  const judged = judgeAll(preview, rows, services.conversions)
  const problems = [
    ...list.problems,
    ...problemsOf(preview, list),
    ...conversionProblems(judged, list),
  ]
  if (problems.length > 0) {
    return { kind: 'refused', problems: problems.sort((a, b) => a.row - b.row) }
  }
  // What was judged is what is stored: a phone that was changed in between is a conflict.
  const outcome = isDryRun ? preview : await inventory.importPhones(changesOf(rows), false)
  switch (outcome.kind) {
    case 'conflict':
      return { kind: 'conflict', mac: outcome.mac }
    case 'refused':
      return { kind: 'refused', problems: problemsOf(outcome, list) }
    case 'imported': {
      const begun = isDryRun ? judged : await beginAll(rows, services.conversions)
      return { kind: 'done', revision, report: reportOf(rows, outcome.changes, begun, isDryRun) }
    }
    default:
      return outcome satisfies never
  }
}

function withRevision(row: ListRow, inventory: ImportServices['inventory']): ListRow {
  const expectedRevision = inventory.phone(row.change.mac)?.revision ?? 0
  return { ...row, change: { ...row.change, expectedRevision } }
}

const changesOf = (rows: readonly ListRow[]) => rows.map(({ change }) => change)

/** Of the phones of the list as they are, in its order. */
function revisionOf(rows: readonly ListRow[]): string {
  const hash = createHash('sha256')
  for (const { change } of rows) hash.update(`${change.mac} ${change.expectedRevision}\n`)
  return hash.digest('hex').slice(0, 32)
}

function problemsOf(outcome: ImportOutcome, { kind, rows }: ReadList): ListProblem[] {
  if (outcome.kind !== 'refused') return []
  return outcome.problems.map(({ index, ...problem }) => {
    const row = rows[index]?.row ?? 1
    if (kind === 'json') return inJson(row, problem)
    const column = columnOf(problem.path)
    // What no column says is named by its place in the entry.
    return column === undefined
      ? { row, path: problem.path, message: problem.message }
      : { row, column, message: problem.message }
  })
}

/** What the conversion of each row would come to; null where the row names none. */
function judgeAll(
  preview: ImportOutcome,
  rows: readonly ListRow[],
  conversions: ImportServices['conversions'],
): readonly (Judged | null)[] {
  if (preview.kind !== 'imported') return []
  return rows.map(({ conversion }, index) => {
    const { phone } = preview.changes[index] as RowChange
    return conversion === null ? null : conversions.preview(phone, conversion)
  })
}

/** Conversions that would not start. */
function conversionProblems(
  judged: readonly (Judged | null)[],
  { kind, rows }: ReadList,
): ListProblem[] {
  return judged.flatMap((one, index) => {
    if (one?.kind !== 'refused') return []
    const { row } = rows[index] as ListRow
    const { message } = one
    return kind === 'json' ? inJson(row, { path: '/to', message }) : { row, column: 'to', message }
  })
}

/** Starts the conversions of all rows at once: they are on disk with one write. */
function beginAll(
  rows: readonly ListRow[],
  conversions: ImportServices['conversions'],
): Promise<readonly (Judged | null)[]> {
  const begun = rows.map(({ change: { mac }, conversion }) =>
    conversion === null ? null : begin(mac, conversion, conversions),
  )
  return Promise.all(begun)
}

function reportOf(
  rows: readonly ListRow[],
  changes: readonly RowChange[],
  judged: readonly (Judged | null)[],
  dryRun: boolean,
): ImportReport {
  const phones = changes.map(({ phone, outcome, fields }, index): ImportedPhone => {
    const { row, conversion } = rows[index] as ListRow
    const seen: ImportedPhone = { row, mac: phone.mac, outcome, fields: [...fields] }
    const one = judged[index] ?? null
    if (conversion === null || one === null) return seen
    return { ...seen, conversion: { to: conversion.to, ...asSeen(one) } }
  })
  const count = (outcome: ImportedPhone['outcome']) =>
    phones.filter((phone) => phone.outcome === outcome).length
  return {
    dryRun,
    created: count('created'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    conversions: phones.filter(startsConversion).length,
    phones,
  }
}

function startsConversion({ conversion }: ImportedPhone): boolean {
  return conversion?.outcome === 'starts' || conversion?.outcome === 'started'
}

type Judged =
  | { readonly kind: 'starts' | 'started' | 'unchanged' }
  | { readonly kind: 'refused'; readonly message: string }

function asSeen(judged: Judged) {
  return judged.kind === 'refused'
    ? { outcome: judged.kind, message: judged.message }
    : { outcome: judged.kind }
}

async function begin(
  mac: Mac,
  request: ConversionRequest,
  conversions: ImportServices['conversions'],
): Promise<Judged> {
  const outcome = await conversions.start(mac, request)
  switch (outcome.kind) {
    case 'started':
    case 'unchanged':
      return { kind: outcome.kind }
    case 'plan-refused':
    case 'from-contradicted':
      return { kind: 'refused', message: outcome.message }
    case 'conflict':
      return { kind: 'refused', message: 'another conversion was started meanwhile' }
    case 'not-found':
      return { kind: 'refused', message: 'the phone was deleted meanwhile' }
    default:
      return outcome satisfies never
  }
}
