/** Rows on the screen at a time: a long list stays quick to draw, and quick to leave by keyboard. */
export const PAGE_ROWS = 50

/**
 * The rows of one page. A page that is no longer there, because the list became shorter, is the
 * last one.
 *
 * @param page - Counted from 0.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  page: number,
): { readonly shown: readonly Row[]; readonly page: number; readonly pages: number } {
  const { page: at, pages } = pagesOf(rows.length, page)
  return { shown: rows.slice(at * PAGE_ROWS, (at + 1) * PAGE_ROWS), page: at, pages }
}

/** The same of a list of which only the number of its rows is known. */
export function pagesOf(
  rows: number,
  page: number,
): { readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(rows / PAGE_ROWS))
  return { page: Math.min(Math.max(0, page), pages - 1), pages }
}
