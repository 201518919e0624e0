import { hrefOf } from '../data/route.ts'
import type { RolloutSummary } from '../data/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { ProgressBar } from '../parts/progress-bar.tsx'
import { countRollout, describeRollout, percentOfRollout } from '../words/rollout-words.ts'

const COLUMNS = ['Roll-out', 'To', 'State', 'Phones', 'Confirmed'] as const

/** All roll-outs and how far each is, the newest first. */
export function RolloutsView({
  rollouts,
}: {
  readonly rollouts: readonly RolloutSummary[] | null
}) {
  return (
    <>
      <div class="title">
        <h1>Roll-outs</h1>
        <a class="button main" href={hrefOf({ kind: 'new-rollout' })}>
          New roll-out
        </a>
      </div>
      <p>
        A roll-out converts many phones to one load: first a few canaries, then wave by wave. It
        stops automatically when phones fail.
      </p>
      {rollouts === null ? <p>Loading the roll-outs.</p> : null}
      {rollouts?.length === 0 ? <p>No roll-outs.</p> : null}
      {rollouts === null || rollouts.length === 0 ? null : <RolloutTable rollouts={rollouts} />}
    </>
  )
}

function RolloutTable({ rollouts }: { readonly rollouts: readonly RolloutSummary[] }) {
  return (
    <DataTable class="rows" label="Roll-outs" columns={COLUMNS}>
      {rollouts.toReversed().map((rollout) => (
        <Row key={rollout.id} rollout={rollout} />
      ))}
    </DataTable>
  )
}

function Row({ rollout }: { readonly rollout: RolloutSummary }) {
  const { id, to, state, reason } = rollout
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ kind: 'rollout', id })}>{id}</a>
      </th>
      <td>{to}</td>
      <td>
        <span class={`mark ${state}`}>{describeRollout(rollout)}</span>
        {reason === null ? null : <span class="hint"> {reason}</span>}
      </td>
      <td>{countRollout(rollout)}</td>
      <td>
        <ProgressBar percent={percentOfRollout(rollout)} label={`${id}: phones confirmed`} />
      </td>
    </tr>
  )
}
