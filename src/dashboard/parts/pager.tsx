import { PAGE_ROWS } from '../words/pages.ts'

/** Goes through the pages of a list; nothing where there is one page alone. */
export function Pager(props: {
  /** What is listed, as in `Pages of phones`. */
  readonly label: string
  readonly rows: number
  readonly page: number
  readonly pages: number
  readonly onPage: (page: number) => void
}) {
  const { label, rows, page, pages, onPage } = props
  if (pages === 1) return null
  const first = page * PAGE_ROWS + 1
  const last = Math.min(rows, (page + 1) * PAGE_ROWS)
  return (
    <nav class="pager" aria-label={label}>
      <PageButton text="Previous" isOff={page === 0} onClick={() => onPage(page - 1)} />
      <span aria-live="polite">
        {first}–{last} of {rows}
      </span>
      <PageButton text="Next" isOff={page === pages - 1} onClick={() => onPage(page + 1)} />
    </nav>
  )
}

/** Off, it keeps the keyboard: a reader on the last page can still tab on from here. */
function PageButton(props: {
  readonly text: string
  readonly isOff: boolean
  readonly onClick: () => void
}) {
  const { text, isOff, onClick } = props
  return (
    <button type="button" aria-disabled={isOff} onClick={isOff ? undefined : onClick}>
      {text}
    </button>
  )
}
