import { type Download, download } from '../data/download.ts'
import type { PageApi } from '../data/page-api.ts'
import { ProblemNote } from './problem-note.tsx'
import { useAttempt } from './use-attempt.ts'

/** Buttons that save files of the API. */
export function DownloadButtons(props: {
  readonly api: PageApi
  readonly downloads: readonly Download[]
}) {
  const { problem, attempt } = useAttempt()
  return (
    <>
      <p class="actions">
        {props.downloads.map((one) => (
          <button
            key={one.path}
            type="button"
            onClick={() => void attempt(() => download(props.api, one))}
          >
            {one.text}
          </button>
        ))}
      </p>
      <ProblemNote problem={problem} />
    </>
  )
}
