import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import type { Problem } from '../data/types.ts'
import { ProblemNote } from './problem-note.tsx'

/** Shows the trace of a phone's last conversion, anonymised, before it is saved. */
export function TraceExport({ store, mac }: { readonly store: PageStore; readonly mac: string }) {
  const [trace, setTrace] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const show = async () => {
    try {
      setTrace(await store.api.text(`/v1/phones/${mac}/trace?anonymise=true`))
      setProblem(null)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  return (
    <>
      <p class="actions">
        <button type="button" onClick={() => void show()}>
          Show the trace
        </button>
        {trace === null ? null : (
          <a
            href={`data:application/x-ndjson;charset=utf-8,${encodeURIComponent(trace)}`}
            download={`${nameOf(trace)}.jsonl`}
          >
            Save it
          </a>
        )}
      </p>
      <ProblemNote problem={problem} />
      {trace === null ? null : <pre>{trace}</pre>}
    </>
  )
}

/** The trace's own name, which is anonymised. */
function nameOf(trace: string): string {
  return /"trace":"([^"]+)"/.exec(trace)?.[1] ?? 'trace'
}
