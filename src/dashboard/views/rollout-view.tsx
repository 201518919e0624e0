import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Rollout } from '../data/types.ts'
import { Facts } from '../parts/facts.tsx'
import { ProgressBar } from '../parts/progress-bar.tsx'
import { RolloutActions } from '../parts/rollout-actions.tsx'
import { RolloutPhones } from '../parts/rollout-phones.tsx'
import { groupRollout } from '../words/rollout-groups.ts'
import { countRollout, describeRollout, percentOfRollout } from '../words/rollout-words.ts'

type Props = { readonly store: PageStore; readonly state: PageState; readonly id: string }

/** One roll-out: how far it is, what holds it, and each of its phones. */
export function RolloutView({ store, state, id }: Props) {
  const open = state.openRollout?.id === id ? state.openRollout : null
  return (
    <>
      <div class="title">
        <h1>Roll-out {id}</h1>
        {open?.rollout ? (
          <a class="button" href={hrefOf({ kind: 'rollout-report', id })}>
            Report
          </a>
        ) : null}
      </div>
      {open === null ? <p>Loading the roll-out.</p> : null}
      {open !== null && open.rollout === null ? (
        <p class="note bad">
          There is no roll-out with this name.{' '}
          <a href={hrefOf({ kind: 'rollouts' })}>Show all roll-outs.</a>
        </p>
      ) : null}
      {open?.rollout ? <Opened store={store} state={state} rollout={open.rollout} /> : null}
    </>
  )
}

type OpenedProps = {
  readonly store: PageStore
  readonly state: PageState
  readonly rollout: Rollout
}

function Opened({ store, state, rollout }: OpenedProps) {
  const { id, reason } = rollout
  return (
    <>
      <p>
        <span class={`mark ${rollout.state}`}>{describeRollout(rollout)}</span>:{' '}
        {countRollout(rollout)}
      </p>
      <ProgressBar percent={percentOfRollout(rollout)} label={`${id}: phones confirmed`} />
      {reason === null ? null : <p class="note bad">{reason}</p>}
      <RolloutActions store={store} rollout={rollout} />
      <RolloutFacts rollout={rollout} />
      {groupRollout(rollout).map(({ title, phones }) => (
        <RolloutPhones key={title} title={title} phones={phones} rollout={rollout} state={state} />
      ))}
    </>
  )
}

function RolloutFacts({ rollout }: { readonly rollout: Rollout }) {
  const { from, to, canaries, waveSize, stopAfter, appearWithin, onStop, onAbsent } = rollout
  const facts = [
    ['From', from ?? 'shown by each phone'],
    ['To', to],
    ['Canaries', `${canaries}`],
    ['In progress at a time', `${waveSize}`],
    ['Stops after this many failures', `${stopAfter}`],
    ['Then phones in progress', onStop === 'finish' ? 'finish' : 'are cancelled'],
    ['Time to appear', appearWithin === null ? 'any' : `${appearWithin / 3600} h`],
    ['A phone that does not appear', onAbsent === 'fail' ? 'counts as failed' : 'is skipped'],
  ] as const
  return <Facts facts={facts} />
}
