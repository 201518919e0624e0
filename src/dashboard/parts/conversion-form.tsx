import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import type { Conversion, Firmware, Phone, Plan, Problem } from '../data/types.ts'
import { Field } from './field.tsx'
import { PlanSteps } from './plan-steps.tsx'
import { ProblemNote } from './problem-note.tsx'

type Wish = {
  readonly to: string
  readonly from: string
  readonly path: 'cautious' | 'direct'
  readonly acceptOneWay: boolean
}

const NO_WISH: Wish = { to: '', from: '', path: 'cautious', acceptOneWay: false }

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
    setPlan(await store.api.post('/v1/plans', { ...way, model: phone.model }))
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

function WishFields(props: {
  readonly wish: Wish
  readonly firmware: readonly Firmware[]
  readonly onChange: (part: Partial<Wish>) => void
}) {
  const { wish, firmware, onChange } = props
  return (
    <div class="fields">
      <Field
        label="Load to run"
        hint={firmware.length === 0 ? 'Add firmware first' : 'Firmware at hand'}
      >
        {(ids) => (
          <select
            {...ids}
            value={wish.to}
            onChange={(e) => onChange({ to: e.currentTarget.value })}
          >
            <option value="">choose</option>
            {firmware.map(({ load, protocol }) => (
              <option key={load} value={load}>
                {load} ({protocol})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Load that it runs now" hint="Leave empty: the phone shows it">
        {(ids) => (
          <input
            {...ids}
            value={wish.from}
            autocomplete="off"
            onInput={(e) => onChange({ from: e.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <Field label="Ladder">
        {(ids) => (
          <select
            {...ids}
            value={wish.path}
            onChange={(e) =>
              onChange({ path: e.currentTarget.value === 'direct' ? 'direct' : 'cautious' })
            }
          >
            <option value="cautious">cautious</option>
            <option value="direct">direct</option>
          </select>
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={wish.acceptOneWay}
          onChange={(e) => onChange({ acceptOneWay: e.currentTarget.checked })}
        />{' '}
        Accept steps that no legal way leads back from
      </label>
    </div>
  )
}

function PlanPreview({ plan, from }: { readonly plan: Plan; readonly from: string }) {
  return (
    <section aria-label="The plan, not started" aria-live="polite">
      <h3>The plan, not started</h3>
      {plan.missingFirmware.length === 0 ? null : (
        <p class="note bad">Firmware to add first: {plan.missingFirmware.join(', ')}</p>
      )}
      <PlanSteps from={from === '' ? null : from} steps={plan.steps} current={null} />
    </section>
  )
}
