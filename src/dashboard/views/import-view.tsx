import { useState } from 'preact/hooks'
import { type ImportOptions, problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { ImportReport, Problem } from '../data/types.ts'
import { ImportChanges } from '../parts/import-changes.tsx'
import { ImportProblems } from '../parts/import-problems.tsx'
import { changesAnything, importSummary } from '../words/import-words.ts'

/** A file as it was when it was chosen: what is imported is what was previewed. */
type ListFile = { readonly name: string; readonly content: Blob }

/** A file that was chosen, and what came of it so far. */
type Chosen = ListFile & {
  readonly report: ImportReport | null
  /** Of the phones as the preview found them. */
  readonly tag: string | null
  readonly problem: Problem | null
}

/** Enrols and changes phones of a CSV or JSON file, once it is shown what that would do. */
export function ImportView({ store }: { readonly store: PageStore }) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [acceptOneWay, setAcceptOneWay] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const send = async (file: ListFile, options: ImportOptions) => {
    setIsBusy(true)
    try {
      const answer = await store.api.importPhones(file.content, options)
      setChosen({ ...file, ...answer, problem: null })
      if (!options.isDryRun) store.markStale('phone-list', 'phones')
    } catch (error) {
      setChosen({ ...file, report: null, tag: null, problem: problemOf(error) })
    } finally {
      setIsBusy(false)
    }
  }
  const preview = (file: ListFile, oneWay = acceptOneWay) =>
    void send(file, { isDryRun: true, acceptOneWay: oneWay, tag: null })
  const choose = async (file: File) => {
    // A file that is saved again meanwhile could not be read any more.
    const type = /\.json$/i.test(file.name) ? 'application/json' : 'text/csv'
    preview({ name: file.name, content: new Blob([await file.arrayBuffer()], { type }) })
  }
  return (
    <>
      <h1>Import phones</h1>
      <p>
        A CSV file (UTF-8) whose first row names the columns, or JSON. Nothing is stored before you
        have seen what would change. An <a href={hrefOf({ kind: 'phones' })}>export</a> shows the
        columns: only <code>mac</code> is required, empty cells change nothing, <code>-</code>{' '}
        clears.
      </p>
      <label class="drop">
        <span>{chosen === null ? 'Choose a file' : `${chosen.name}; choose another file`}</span>
        <input
          type="file"
          accept=".csv,.json,text/csv,application/json"
          onChange={(event) => {
            const input = event.currentTarget
            const [file] = input.files ?? []
            if (file !== undefined) void choose(file)
            // So that the same file can be chosen again once it is corrected.
            input.value = ''
          }}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={acceptOneWay}
          onChange={(event) => {
            setAcceptOneWay(event.currentTarget.checked)
            if (chosen !== null && chosen.report?.dryRun !== false) {
              preview(chosen, event.currentTarget.checked)
            }
          }}
        />{' '}
        Conversions of the file may have steps that cannot be undone
      </label>
      <div aria-live="polite">
        {isBusy ? <p>Reading the file.</p> : null}
        {isBusy || chosen === null ? null : (
          <Outcome
            chosen={chosen}
            onImport={() => void send(chosen, { isDryRun: false, acceptOneWay, tag: chosen.tag })}
            onPreview={() => preview(chosen)}
          />
        )}
      </div>
    </>
  )
}

function Outcome(props: {
  readonly chosen: Chosen
  readonly onImport: () => void
  readonly onPreview: () => void
}) {
  const { chosen, onImport, onPreview } = props
  const { report, problem } = chosen
  if (problem !== null) return <ImportProblems problem={problem} onAgain={onPreview} />
  if (report === null) return null
  return (
    <>
      <h2>{report.dryRun ? 'What would change' : 'Imported'}</h2>
      <p role="status">{importSummary(report)}</p>
      {report.dryRun ? (
        <p class="actions">
          <button type="button" class="main" disabled={!changesAnything(report)} onClick={onImport}>
            Import
          </button>
        </p>
      ) : (
        <p>
          <a href={hrefOf({ kind: 'phones' })}>All phones</a>
        </p>
      )}
      <ImportChanges report={report} />
    </>
  )
}
