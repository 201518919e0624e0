import { useState } from 'preact/hooks'
import type { Problem } from '../data/types.ts'
import { listProblems } from '../words/import-words.ts'
import { pageOf } from '../words/pages.ts'
import { Pager } from './pager.tsx'
import { Scroller } from './scroller.tsx'

/** Why a list was refused: each problem by its row and column. */
export function ImportProblems(props: {
  readonly problem: Problem
  /** Reads the same file once more. */
  readonly onAgain: () => void
}) {
  const { problem, onAgain } = props
  const [wanted, setWanted] = useState(0)
  const found = listProblems(problem)
  const { shown, page, pages } = pageOf(found, wanted)
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
        <Scroller label="Problems of the file">
          <table>
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col">Column</th>
                <th scope="col">Problem</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={JSON.stringify(one)}>
                  <td class="number">{one.row}</td>
                  <th scope="row">
                    <code>{one.column}</code>
                  </th>
                  <td>{one.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      <Pager
        label="Pages of problems"
        rows={found.length}
        page={page}
        pages={pages}
        onPage={setWanted}
      />
    </>
  )
}
