import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { pageOf } from '../words/pages.ts'
import { Pager } from './pager.tsx'
import { Scroller } from './scroller.tsx'

/** The head of a column: its words, or a head of its own. */
export type Column =
  | string
  | {
      readonly text: string
      readonly class?: string
      /** For those who hear the table; the eye needs no word there. */
      readonly isUnseen?: true
    }

/** The last column, of buttons. */
export const ACTIONS: Column = { text: 'Actions', isUnseen: true }

type TableProps = {
  /** What is listed. */
  readonly label: string
  readonly columns: readonly Column[]
  /** `rows`: each row leads somewhere. */
  readonly class?: 'rows'
}

/** A table that is scrolled sideways where it is too wide; the rows are its children. */
export function DataTable(props: TableProps & { readonly children: ComponentChildren }) {
  const { label, columns, children } = props
  return (
    <Scroller label={label}>
      <table class={props.class}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head
                key={typeof column === 'string' ? column : column.text}
                {...(typeof column === 'string' ? { text: column } : column)}
              />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroller>
  )
}

function Head(props: Exclude<Column, string>) {
  const { text, isUnseen } = props
  return (
    <th scope="col" class={props.class}>
      {isUnseen ? <span class="unseen">{text}</span> : text}
    </th>
  )
}

/** The same, a page at a time. */
export function PagedTable<Row>(
  props: TableProps & {
    /** Names the buttons that turn the pages, as in `Pages of leases`. */
    readonly pagesLabel: string
    readonly rows: readonly Row[]
    /** Draws a row, with a key. */
    readonly draw: (row: Row) => ComponentChildren
  },
) {
  const { pagesLabel, rows, draw, ...table } = props
  const [wanted, setWanted] = useState(0)
  const { shown, page, pages } = pageOf(rows, wanted)
  return (
    <>
      <DataTable {...table}>{shown.map(draw)}</DataTable>
      <Pager label={pagesLabel} rows={rows.length} page={page} pages={pages} onPage={setWanted} />
    </>
  )
}
