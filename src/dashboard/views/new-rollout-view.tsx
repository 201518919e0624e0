import { useState } from 'preact/hooks'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { EMPTY_DRAFT, rolloutBodyOf } from '../data/rollout-draft.ts'
import { hrefOf } from '../data/route.ts'
import type { Rollout } from '../data/types.ts'
import { ConversionFields } from '../parts/conversion-fields.tsx'
import { PhonePicker } from '../parts/phone-picker.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { RolloutFields } from '../parts/rollout-fields.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { nameRolloutProblems } from '../words/rollout-problem.ts'

type Props = { readonly store: PageStore; readonly state: PageState }

/** Makes a roll-out, and goes to it. */
export function NewRolloutView({ store, state }: Props) {
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const { problem, attempt } = useAttempt()
  const phones = state.phones ?? []
  const start = () =>
    attempt(
      async () => {
        const id = draft.id.trim()
        const path = `/v1/rollouts/${encodeURIComponent(id)}`
        const rollout = await store.api.put<Rollout>(path, rolloutBodyOf(draft))
        store.take({ kind: 'rollout', openRollout: { id, rollout } })
        store.markStale('rollouts', 'conversions')
        location.hash = hrefOf({ kind: 'rollout', id })
      },
      (problem) => nameRolloutProblems(problem, draft.phones, phones),
    )
  return (
    <>
      <h1>New roll-out</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <RolloutFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} />
        <ConversionFields
          draft={draft}
          firmware={state.firmware ?? []}
          onChange={(part) => setDraft({ ...draft, ...part })}
        />
        <PhonePicker
          draft={draft}
          phones={phones}
          conversions={state.conversions}
          onChange={setDraft}
        />
        <ProblemNote problem={problem} />
        <p class="actions">
          <button
            type="submit"
            class="main"
            disabled={draft.to === '' || draft.phones.length === 0}
            aria-describedby="start-hint"
          >
            Start the roll-out
          </button>
        </p>
        <p class="hint" id="start-hint">
          {draft.to === '' || draft.phones.length === 0
            ? 'Select a load and at least one phone first.'
            : 'Everything is checked before any phone starts.'}
        </p>
      </form>
    </>
  )
}
