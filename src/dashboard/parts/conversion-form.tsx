import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import type { Conversion, Firmware, Phone, Plan, Problem } from '../data/types.ts'
import { PlanSteps } from './plan-steps.tsx'
import { ProblemNote } from './problem-note.tsx'
import { Warnings } from './warnings.tsx'
import { NO_WISH, type Wish, WishFields } from './wish-fields.tsx'

/** Starts a conversion, or shows what it would be. */
export function ConversionForm(props: {
  readonly store: PageStore
  readonly phone: Phone
  readonly firmware: readonly Firmware[]
}) {
  const { store, phone, firmware } = props
  const [wish, setWish] = useState(NO_WISH)
  const [plan, setPlan] = useState<Plan | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const change = (part: Partial<Wish>) => {
    setWish({ ...wish, ...part })
    setPlan(null)
  }
  const attempt = async (work: () => Promise<void>) => {
    setProblem(null)
    await work().catch((error: unknown) => setProblem(problemOf(error)))
  }
  const way = { to: wish.to, path: wish.path, ...(wish.from === '' ? {} : { from: wish.from }) }
  const start = async () => {
    const body = { ...way, acceptOneWay: wish.acceptOneWay }
    const path = `/v1/phones/${phone.mac}/conversion`
    store.take({ kind: 'conversion', conversion: await store.api.put<Conversion>(path, body) })
    store.markStale('trace')
    setPlan(null)
  }
  const show = async () =>
    setPlan(await store.api.post('/v1/plans', { ...way, model: phone.model, mac: phone.mac }))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(start)
      }}
    >
      <WishFields wish={wish} firmware={firmware} onChange={change} />
      <p class="actions">
        <button type="submit" class="main" disabled={wish.to === ''}>
          Start conversion
        </button>
        <button type="button" disabled={wish.to === ''} onClick={() => void attempt(show)}>
          Show the plan
        </button>
      </p>
      <ProblemNote problem={problem} />
      {plan === null ? null : <PlanPreview plan={plan} from={wish.from} />}
    </form>
  )
}

function PlanPreview({ plan, from }: { readonly plan: Plan; readonly from: string }) {
  return (
    <section aria-label="The plan, not started" aria-live="polite">
      <h3>The plan, not started</h3>
      {plan.missingFirmware.length === 0 ? null : (
        <p class="note bad">Firmware to add first: {plan.missingFirmware.join(', ')}</p>
      )}
      <Warnings warnings={plan.warnings} />
      <PlanSteps from={from === '' ? null : from} steps={plan.steps} current={null} />
    </section>
  )
}
