import { useState } from 'preact/hooks'
import { type Download, download } from '../data/download.ts'
import { type PageApi, problemOf } from '../data/page-api.ts'
import type { Problem } from '../data/types.ts'
import { ProblemNote } from './problem-note.tsx'

/** Buttons that save files of the API. */
export function DownloadButtons(props: {
  readonly api: PageApi
  readonly downloads: readonly Download[]
}) {
  const [problem, setProblem] = useState<Problem | null>(null)
  const save = (one: Download) => {
    setProblem(null)
    download(props.api, one).catch((error: unknown) => setProblem(problemOf(error)))
  }
  return (
    <>
      <p class="actions">
        {props.downloads.map((one) => (
          <button key={one.path} type="button" onClick={() => save(one)}>
            {one.text}
          </button>
        ))}
      </p>
      <ProblemNote problem={problem} />
    </>
  )
}
