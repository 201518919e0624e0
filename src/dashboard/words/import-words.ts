import type { ImportedPhone, ImportReport, Problem } from '../data/types.ts'

/** What an import has done, or would do, in one sentence. */
export function importSummary(report: ImportReport): string {
  const { dryRun, created, changed, unchanged, conversions } = report
  const started = conversions === 1 ? '1 conversion' : `${conversions} conversions`
  return dryRun
    ? `${created} to enrol, ${changed} to change, ${unchanged} unchanged, ${started} to start.`
    : `${created} enrolled, ${changed} changed, ${unchanged} unchanged, ${started} started.`
}

/** Whether an import of this would do anything. */
export function changesAnything({ created, changed, conversions }: ImportReport): boolean {
  return created + changed + conversions > 0
}

/** What becomes of a phone. */
export function outcomeWords({ outcome, fields }: ImportedPhone): string {
  switch (outcome) {
    case 'created':
      return 'new'
    case 'changed':
      return `changes: ${fields.join(', ')}`
    case 'unchanged':
      return 'unchanged'
    default:
      return outcome satisfies never
  }
}

/** What becomes of its conversion; empty where the list asks for none. */
export function conversionWords({ conversion }: ImportedPhone): string {
  if (conversion === undefined) return ''
  const { to, outcome, message } = conversion
  switch (outcome) {
    case 'starts':
      return `starts, to ${to}`
    case 'started':
      return `started, to ${to}`
    case 'unchanged':
      return `to ${to} already`
    case 'refused':
      return `not started: ${message}`
    default:
      return outcome satisfies never
  }
}

/** A problem of a list, by its place. */
export type ListProblem = {
  readonly row: number | null
  readonly column: string
  readonly message: string
}

/** The problems of a refused list; empty where the refusal is about something else. */
export function listProblems({ problems = [] }: Problem): readonly ListProblem[] {
  return problems.flatMap(({ row, column, path, message }) =>
    message === undefined ? [] : [{ row: row ?? null, column: column ?? path ?? '', message }],
  )
}
