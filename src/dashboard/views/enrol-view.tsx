import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Phone, Problem } from '../data/types.ts'
import { Field } from '../parts/field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

type Draft = {
  readonly mac: string
  readonly model: string
  readonly label: string
  readonly network: string
  readonly profile: string
}

const NO_DRAFT: Draft = { mac: '', model: '', label: '', network: '', profile: '' }

/** Enrols a phone, and goes to it. */
export function EnrolView({
  store,
  state,
}: {
  readonly store: PageStore
  readonly state: PageState
}) {
  const [draft, setDraft] = useState(NO_DRAFT)
  const [problem, setProblem] = useState<Problem | null>(null)
  const enrol = async () => {
    try {
      const phone = await putNewPhone(store, draft)
      store.take({ kind: 'phones', phones: [...(store.state.phones ?? []), phone] })
      store.markStale('phones')
      location.hash = hrefOf({ kind: 'phone', mac: phone.mac })
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  return (
    <>
      <h1>Enrol a phone</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void enrol()
        }}
      >
        <DraftFields
          draft={draft}
          state={state}
          onChange={(part) => setDraft({ ...draft, ...part })}
        />
        <p class="actions">
          <button type="submit" class="main">
            Enrol
          </button>
        </p>
        <ProblemNote problem={problem} />
      </form>
    </>
  )
}

/** A phone that is there already is not overwritten: its lines would be lost. */
function putNewPhone(store: PageStore, draft: Draft): Promise<Phone> {
  const { mac, ...rest } = draft
  const given = Object.entries(rest).filter(([, value]) => value !== '')
  const path = `/v1/phones/${encodeURIComponent(mac.trim())}`
  return store.api.put<Phone>(path, Object.fromEntries(given), { 'if-none-match': '*' })
}

function DraftFields(props: {
  readonly draft: Draft
  readonly state: PageState
  readonly onChange: (part: Partial<Draft>) => void
}) {
  const { draft, state, onChange } = props
  return (
    <div class="fields">
      <Field label="MAC address" hint="On the phone's back, in any spelling">
        {(ids) => (
          <input
            {...ids}
            required
            autocomplete="off"
            maxLength={40}
            value={draft.mac}
            onInput={(event) => onChange({ mac: event.currentTarget.value })}
          />
        )}
      </Field>
      <Choice
        label="Model"
        value={draft.model}
        options={['7940', '7960']}
        onChange={(model) => onChange({ model })}
      />
      <Field label="Label">
        {(ids) => (
          <input
            {...ids}
            maxLength={256}
            value={draft.label}
            onInput={(event) => onChange({ label: event.currentTarget.value })}
          />
        )}
      </Field>
      <Choice
        label="Network"
        value={draft.network}
        options={(state.networks ?? []).map(({ name }) => name)}
        onChange={(network) => onChange({ network })}
      />
      <Choice
        label="Profile"
        value={draft.profile}
        options={(state.profiles ?? []).map(({ name }) => name)}
        onChange={(profile) => onChange({ profile })}
      />
    </div>
  )
}

function Choice(props: {
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}) {
  return (
    <Field label={props.label}>
      {(ids) => (
        <select
          {...ids}
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          <option value="">not said</option>
          {props.options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
