import type { BulkResult } from '../data/bulk-run.ts'

/** Phones by number, as in `Delete 3 phones?`. */
export function phonesByNumber(count: number): string {
  return count === 1 ? '1 phone' : `${count} phones`
}

/** All phones that a filter leaves, also those on other pages, as in `Select all 3 that match`. */
export function allThatMatch(count: number): string {
  return count === 1 ? 'the one that matches' : `all ${count} that match`
}

/** How far an action on several phones is. */
export function bulkSummary(results: readonly BulkResult[], of: number): string {
  const failed = results.filter(({ ok }) => !ok).length
  const done = results.length - failed
  const refused = failed === 0 ? '' : `, ${failed} not`
  return results.length < of
    ? `${results.length} of ${of} so far`
    : `${done} of ${of} done${refused}`
}

/** Those that were refused come first, in the order in which they ended. */
export function refusedFirst(results: readonly BulkResult[]): readonly BulkResult[] {
  return [...results.filter(({ ok }) => !ok), ...results.filter(({ ok }) => ok)]
}
