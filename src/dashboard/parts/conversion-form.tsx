import { useState } from 'preact/hooks'
import {
  type ConversionDraft,
  conversionBodyOf,
  type RestartChoice,
} from '../data/conversion-body.ts'
import type { PageStore } from '../data/page-store.ts'
import type { Conversion, Firmware, Phone, Plan } from '../data/types.ts'
import { CONTRADICTED } from '../words/contradiction-words.ts'
import { RESTART_MODE_CHOICES } from '../words/restart-words.ts'
import { Choice } from './choice.tsx'
import { ContradictedNote } from './contradicted-note.tsx'
import { ConversionFields, EMPTY_CONVERSION } from './conversion-fields.tsx'
import { PlanSteps } from './plan-steps.tsx'
import { ProblemNote } from './problem-note.tsx'
import { useAttempt } from './use-attempt.ts'
import { Warnings } from './warnings.tsx'

/** Starts a conversion, or shows what it would be. */
export function ConversionForm(props: {
  readonly store: PageStore
  readonly phone: Phone
  readonly firmware: readonly Firmware[]
}) {
  const { store, phone, firmware } = props
  const [draft, setDraft] = useState<ConversionDraft>({ ...EMPTY_CONVERSION, restart: '' })
  const [plan, setPlan] = useState<Plan | null>(null)
  const { problem, attempt, forget } = useAttempt()
  const change = (part: Partial<ConversionDraft>) => {
    setDraft({ ...draft, ...part })
    setPlan(null)
    forget()
  }
  const start = async (acceptFrom: boolean) => {
    const body = conversionBodyOf(draft, acceptFrom)
    const path = `/v1/phones/${phone.mac}/conversion`
    store.take({ kind: 'conversion', conversion: await store.api.put<Conversion>(path, body) })
    store.markStale('trace')
    setPlan(null)
  }
  const show = async () => {
    const { to, path, from } = draft
    const way = { to, path, ...(from === '' ? {} : { from }) }
    setPlan(await store.api.post('/v1/plans', { ...way, model: phone.model, mac: phone.mac }))
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(() => start(false))
      }}
    >
      <ConversionFields draft={draft} firmware={firmware} onChange={change} />
      <RestartField restart={draft.restart} onChange={(restart) => change({ restart })} />
      <FormButtons isOff={draft.to === ''} onShow={() => void attempt(show)} />
      {problem?.reason === CONTRADICTED ? (
        <ContradictedNote
          problem={problem}
          phone={phone}
          from={draft.from}
          onAccept={() => void attempt(() => start(true))}
        />
      ) : (
        <ProblemNote problem={problem} />
      )}
      {plan === null ? null : <PlanPreview plan={plan} from={draft.from} />}
    </form>
  )
}

function RestartField(props: {
  readonly restart: RestartChoice
  readonly onChange: (restart: RestartChoice) => void
}) {
  return (
    <div class="fields">
      <Choice
        label="Restarts"
        hint="Who restarts the phone where a step needs it"
        value={props.restart}
        options={RESTART_MODE_CHOICES}
        onChange={(value) => props.onChange(value as RestartChoice)}
      />
    </div>
  )
}

function FormButtons({ isOff, onShow }: { readonly isOff: boolean; readonly onShow: () => void }) {
  return (
    <p class="actions">
      <button type="submit" class="main" disabled={isOff}>
        Start conversion
      </button>
      <button type="button" disabled={isOff} onClick={onShow}>
        Show the plan
      </button>
    </p>
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
