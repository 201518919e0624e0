import { useState } from 'preact/hooks'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Network, Problem, Survey } from '../data/types.ts'
import { Choice } from '../parts/choice.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { runningSurveyIn, startProblem } from '../words/survey-words.ts'

type Props = { readonly store: PageStore; readonly networks: readonly Network[] | null }

/** Starts a survey, and goes to it. */
export function SurveysView({ store, networks }: Props) {
  const [network, setNetwork] = useState('')
  const { problem, attempt, forget } = useAttempt()
  const start = () =>
    attempt(async () => {
      const body = network === '' ? {} : { network }
      const { id } = await store.api.post<Survey>('/v1/surveys', body)
      location.hash = hrefOf({ kind: 'survey', id })
    })
  return (
    <>
      <h1>Survey</h1>
      <p>
        A survey asks each phone that holds a lease what it runs: its web page first, then one SIP
        OPTIONS. One phone a second is asked on each network, and no phone is changed.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <div class="fields">
          <Choice
            label="Network"
            value={network}
            options={[['', 'all leases'], ...(networks ?? []).map(({ name }) => name)]}
            onChange={(chosen) => {
              setNetwork(chosen)
              forget()
            }}
          />
        </div>
        <p class="actions">
          <button type="submit" class="main">
            Start the survey
          </button>
        </p>
        {problem === null ? null : <StartRefused problem={problem} />}
      </form>
    </>
  )
}

function StartRefused({ problem }: { readonly problem: Problem }) {
  const running = runningSurveyIn(problem)
  return (
    <>
      <ProblemNote problem={startProblem(problem)} />
      {running === null ? null : (
        <p>
          <a href={hrefOf({ kind: 'survey', id: running })}>Show the survey that is running</a>
        </p>
      )}
    </>
  )
}
