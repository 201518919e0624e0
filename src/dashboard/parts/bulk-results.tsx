import type { BulkResult } from '../data/bulk-run.ts'
import { hrefOf } from '../data/route.ts'
import { bulkSummary, refusedFirst } from '../words/bulk-words.ts'
import { formatMac } from '../words/format.ts'
import { PagedTable } from './data-table.tsx'

const COLUMNS = ['Phone', 'Result'] as const

/** What came of an action on several phones, phone by phone; it stays until it is dismissed. */
export function BulkResults(props: {
  /** What was done, as in `Delete`. */
  readonly title: string
  readonly results: readonly BulkResult[]
  readonly of: number
  readonly onDismiss: () => void
}) {
  const { title, results, of, onDismiss } = props
  return (
    <section class="note" aria-label={`${title}: results`}>
      <button type="button" class="dismiss" onClick={onDismiss}>
        Dismiss
      </button>
      <p role="status">
        <strong>{title}:</strong> {bulkSummary(results, of)}
      </p>
      <PagedTable
        label={`${title}: results by phone`}
        pagesLabel={`Pages of results: ${title}`}
        columns={COLUMNS}
        rows={refusedFirst(results)}
        draw={({ mac, ok, text }) => (
          <tr key={mac}>
            <th scope="row">
              <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a>
            </th>
            <td>{ok ? text : <span class="warn">{text}</span>}</td>
          </tr>
        )}
      />
    </section>
  )
}
