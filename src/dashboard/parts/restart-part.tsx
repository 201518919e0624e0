import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import { latestRestart, type RestartReport } from '../data/restart-report.ts'
import type { Problem, TimelineEntry } from '../data/types.ts'
import { formatMac, formatMoment } from '../words/format.ts'
import {
  describeAttempt,
  describeRestart,
  methodWords,
  RESTART_CHOICES,
  restartProblem,
} from '../words/restart-words.ts'
import { Choice } from './choice.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { ProblemNote } from './problem-note.tsx'

/** An order that was accepted; `before`: the last restart that was known then. */
type Ordered = { readonly method: string; readonly before: string | null }

/** Restarts a phone, and says what became of it. */
export function RestartPart(props: {
  readonly store: PageStore
  readonly mac: string
  readonly timeline: readonly TimelineEntry[]
}) {
  const { store, mac, timeline } = props
  const [chosen, setChosen] = useState('')
  const [ordered, setOrdered] = useState<Ordered | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const report = latestRestart(timeline)
  const before = report?.key ?? null
  const restart = async () => {
    setProblem(null)
    try {
      const body = chosen === '' ? {} : { method: chosen }
      const path = `/v1/phones/${mac}/restart`
      const { method } = await store.api.post<{ readonly method: string }>(path, body)
      setOrdered({ method, before })
      store.markStale('trace')
    } catch (error) {
      setOrdered(null)
      setProblem(restartProblem(problemOf(error)))
    }
  }
  return (
    <section aria-labelledby="restart-title">
      <h2 id="restart-title">Restart</h2>
      <ConfirmButton
        text="Restart…"
        about={`phone ${formatMac(mac)}`}
        title={`Restart phone ${formatMac(mac)}?`}
        yes="Restart it"
        no="Leave it running"
        onYes={() => void restart()}
      >
        <p>A call on this phone is cut off.</p>
        <Choice
          label="Method"
          hint="Automatic tries each method that can be used until the phone starts"
          value={chosen}
          options={RESTART_CHOICES}
          onChange={setChosen}
        />
      </ConfirmButton>
      <ProblemNote problem={problem} />
      <div aria-live="polite">
        {ordered !== null && ordered.before === before ? (
          <p>Restart ordered, first by: {methodWords(ordered.method)}.</p>
        ) : (
          report !== null && <Report report={report} />
        )}
      </div>
    </section>
  )
}

function Report({ report }: { readonly report: RestartReport }) {
  return (
    <>
      <p>Last restart: {describeRestart(report)}</p>
      <ul>
        {report.attempts.map((attempt) => (
          <li key={attempt.method}>
            <time dateTime={attempt.at}>{formatMoment(attempt.at)}</time> {describeAttempt(attempt)}
          </li>
        ))}
      </ul>
    </>
  )
}
