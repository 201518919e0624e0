import type { Problem } from '../data/types.ts'
import { listProblems } from '../words/import-words.ts'
import { PagedTable } from './data-table.tsx'

const COLUMNS = ['Row', 'Column', 'Problem'] as const

/** Why a list was refused: each problem by its row and column. */
export function ImportProblems(props: {
  readonly problem: Problem
  /** Reads the same file once more. */
  readonly onAgain: () => void
}) {
  const { problem, onAgain } = props
  const found = listProblems(problem)
  return (
    <>
      <div class="note bad" role="alert">
        <p>
          <strong>{problem.title}</strong>
        </p>
        <p>{problem.detail}</p>
        <p>
          <button type="button" onClick={onAgain}>
            Preview again
          </button>
        </p>
      </div>
      {found.length === 0 ? null : (
        <PagedTable
          label="Problems of the file"
          pagesLabel="Pages of problems"
          columns={COLUMNS}
          rows={found}
          draw={(one) => (
            <tr key={JSON.stringify(one)}>
              <td class="number">{one.row}</td>
              <th scope="row">
                <code>{one.column}</code>
              </th>
              <td>{one.message}</td>
            </tr>
          )}
        />
      )}
    </>
  )
}
