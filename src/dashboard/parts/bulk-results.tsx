import { useState } from 'preact/hooks'
import type { BulkResult } from '../data/bulk-run.ts'
import { hrefOf } from '../data/route.ts'
import { bulkSummary, refusedFirst } from '../words/bulk-words.ts'
import { formatMac } from '../words/format.ts'
import { pageOf } from '../words/pages.ts'
import { Pager } from './pager.tsx'
import { Scroller } from './scroller.tsx'

/** What came of an action on several phones, phone by phone; it stays until it is dismissed. */
export function BulkResults(props: {
  /** What was done, as in `Delete`. */
  readonly title: string
  readonly results: readonly BulkResult[]
  readonly of: number
  readonly onDismiss: () => void
}) {
  const { title, results, of, onDismiss } = props
  const [wanted, setWanted] = useState(0)
  const { shown, page, pages } = pageOf(refusedFirst(results), wanted)
  return (
    <section class="note" aria-label={`${title}: results`}>
      <button type="button" class="dismiss" onClick={onDismiss}>
        Dismiss
      </button>
      <p role="status">
        <strong>{title}:</strong> {bulkSummary(results, of)}
      </p>
      <Scroller label={`${title}: results by phone`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Phone</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ mac, ok, text }) => (
              <tr key={mac}>
                <th scope="row">
                  <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a>
                </th>
                <td>{ok ? text : <span class="warn">{text}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <Pager
        label={`Pages of results: ${title}`}
        rows={results.length}
        page={page}
        pages={pages}
        onPage={setWanted}
      />
    </section>
  )
}
