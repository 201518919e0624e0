import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Rollout } from '../data/types.ts'
import { ProblemNote } from './problem-note.tsx'
import { StopDialog } from './stop-dialog.tsx'
import { useAttempt } from './use-attempt.ts'

/** What can be done with a roll-out as it stands. */
export function RolloutActions(props: { readonly store: PageStore; readonly rollout: Rollout }) {
  const { store, rollout } = props
  const { problem, attempt } = useAttempt()
  const path = `/v1/rollouts/${rollout.id}`
  const change = (body: { state: 'running' | 'paused' | 'stopped'; onStop?: string }) =>
    attempt(async () => {
      const changed = await store.api.patch<Rollout>(path, body)
      store.take({ kind: 'rollout', openRollout: { id: rollout.id, rollout: changed } })
      store.markStale('rollouts', 'conversions')
    })
  const remove = () =>
    attempt(async () => {
      await store.removeRollout(rollout.id)
      location.hash = hrefOf({ kind: 'rollouts' })
    })
  return (
    <>
      <div class="actions">
        <Buttons
          rollout={rollout}
          onChange={(body) => void change(body)}
          onRemove={() => void remove()}
        />
      </div>
      <ProblemNote problem={problem} />
    </>
  )
}

function Buttons(props: {
  readonly rollout: Rollout
  readonly onChange: (body: { state: 'running' | 'paused' | 'stopped'; onStop?: string }) => void
  readonly onRemove: () => void
}) {
  const { rollout, onChange, onRemove } = props
  const { state, counts, onStop } = rollout
  if (state === 'finished' || state === 'stopped') {
    return (
      <button type="button" onClick={onRemove}>
        Delete this roll-out
      </button>
    )
  }
  return (
    <>
      {state === 'running' ? (
        <button type="button" onClick={() => onChange({ state: 'paused' })}>
          Pause
        </button>
      ) : (
        <button type="button" class="main" onClick={() => onChange({ state: 'running' })}>
          Resume
        </button>
      )}
      <StopDialog
        underWay={counts.underWay}
        onStop={onStop}
        onConfirm={(chosen) => onChange({ state: 'stopped', onStop: chosen })}
      />
    </>
  )
}
