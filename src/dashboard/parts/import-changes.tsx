import { useState } from 'preact/hooks'
import type { ImportReport } from '../data/types.ts'
import { formatMac } from '../words/format.ts'
import { conversionWords, outcomeWords } from '../words/import-words.ts'
import { pageOf } from '../words/pages.ts'
import { Pager } from './pager.tsx'
import { Scroller } from './scroller.tsx'

/** The phones of a list that are not as they were, and what of them differs. */
export function ImportChanges({ report }: { readonly report: ImportReport }) {
  const [wanted, setWanted] = useState(0)
  const moved = report.phones.filter(
    ({ outcome, conversion }) => outcome !== 'unchanged' || conversion !== undefined,
  )
  const { shown, page, pages } = pageOf(moved, wanted)
  if (moved.length === 0) return <p>All phones of the file are as it says.</p>
  return (
    <>
      <Scroller label="Phones of the file">
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Phone</th>
              <th scope="col">Change</th>
              <th scope="col">Conversion</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((phone) => (
              <tr key={phone.mac}>
                <td class="number">{phone.row}</td>
                <th scope="row">
                  <code>{formatMac(phone.mac)}</code>
                </th>
                <td>{outcomeWords(phone)}</td>
                <td>{conversionWords(phone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <Pager
        label="Pages of phones of the file"
        rows={moved.length}
        page={page}
        pages={pages}
        onPage={setWanted}
      />
    </>
  )
}
