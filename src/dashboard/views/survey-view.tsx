import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import { saveFile } from '../data/save-file.ts'
import type { Survey } from '../data/types.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ProgressBar } from '../parts/progress-bar.tsx'
import { SurveyTable } from '../parts/survey-table.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { useSurvey } from '../parts/use-survey.ts'
import { describeSurvey, percentOfSurvey, readProblem } from '../words/survey-words.ts'

type Props = { readonly store: PageStore; readonly id: string }

/** One survey: how far it is, and what it has found. */
export function SurveyView({ store, id }: Props) {
  const { survey, problem } = useSurvey(store.api, id)
  return (
    <>
      <div class="title">
        <h1>Survey</h1>
        <a class="button" href={hrefOf({ kind: 'surveys' })}>
          Another survey
        </a>
      </div>
      {survey === null && problem === null ? <p>Loading the survey.</p> : null}
      <ProblemNote problem={problem === null ? null : readProblem(problem)} />
      {/* It is there before it has words: only then are they read out. */}
      <p role="status">{survey === null ? '' : describeSurvey(survey)}</p>
      {survey === null ? null : <Found store={store} survey={survey} />}
    </>
  )
}

function Found({ store, survey }: { readonly store: PageStore; readonly survey: Survey }) {
  const { total, done, phones } = survey
  if (total === 0) return null
  return (
    <>
      <ProgressBar percent={percentOfSurvey(survey)} label="Addresses of the survey" />
      <p class="hint">
        {done} of {total} addresses
      </p>
      <CsvButton store={store} survey={survey} />
      <SurveyTable phones={phones} />
    </>
  )
}

/** What is known so far, as a file for a spreadsheet. */
function CsvButton({ store, survey }: { readonly store: PageStore; readonly survey: Survey }) {
  const { problem, attempt } = useAttempt()
  const { id, state } = survey
  const save = () =>
    attempt(async () => {
      saveFile(`survey-${id}.csv`, 'text/csv', await store.api.csv(`/v1/surveys/${id}`))
    }, readProblem)
  return (
    <>
      <p class="actions">
        <button type="button" onClick={() => void save()}>
          {state === 'running' ? 'Download CSV so far' : 'Download CSV'}
        </button>
      </p>
      <ProblemNote problem={problem} />
    </>
  )
}
