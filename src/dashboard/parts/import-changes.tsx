import type { ImportReport } from '../data/types.ts'
import { formatMac } from '../words/format.ts'
import { conversionWords, outcomeWords } from '../words/import-words.ts'
import { PagedTable } from './data-table.tsx'

const COLUMNS = ['Row', 'Phone', 'Change', 'Conversion'] as const

/** The phones of a list that are not as they were, and what of them differs. */
export function ImportChanges({ report }: { readonly report: ImportReport }) {
  const moved = report.phones.filter(
    ({ outcome, conversion }) => outcome !== 'unchanged' || conversion !== undefined,
  )
  if (moved.length === 0) return <p>All phones of the file are as it says.</p>
  return (
    <PagedTable
      label="Phones of the file"
      pagesLabel="Pages of phones of the file"
      columns={COLUMNS}
      rows={moved}
      draw={(phone) => (
        <tr key={phone.mac}>
          <td class="number">{phone.row}</td>
          <th scope="row">
            <code>{formatMac(phone.mac)}</code>
          </th>
          <td>{outcomeWords(phone)}</td>
          <td>{conversionWords(phone)}</td>
        </tr>
      )}
    />
  )
}
