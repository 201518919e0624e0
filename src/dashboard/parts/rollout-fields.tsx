import type { RolloutDraft } from '../data/rollout-draft.ts'
import { Choice } from './choice.tsx'
import { Field } from './field.tsx'

/** The API takes as many phones. */
const MAX_PHONES = 2_000

/** A year, in hours. */
const MAX_HOURS = 8_760

/** The name of a roll-out, and how careful it is. */
export function RolloutFields(props: {
  readonly draft: RolloutDraft
  readonly onChange: (part: Partial<RolloutDraft>) => void
}) {
  const { draft, onChange } = props
  return (
    <div class="fields">
      <Field label="Name" hint="Letters, digits, dot, dash and underscore, such as floor-3">
        {(ids) => (
          <input
            {...ids}
            required
            autocomplete="off"
            maxLength={64}
            pattern="[A-Za-z0-9][A-Za-z0-9_.\-]*"
            title="letters, digits, dot, dash and underscore, a letter or digit first"
            value={draft.id}
            onInput={(event) => onChange({ id: event.currentTarget.value })}
          />
        )}
      </Field>
      <Count
        label="Canaries"
        hint="These phones must all be confirmed before any other starts"
        min={0}
        value={draft.canaries}
        onChange={(canaries) => onChange({ canaries })}
      />
      <Count
        label="Phones in progress at a time"
        min={1}
        value={draft.waveSize}
        onChange={(waveSize) => onChange({ waveSize })}
      />
      <Count
        label="Stop after this many failures"
        hint="A failed canary always stops it"
        min={1}
        value={draft.stopAfter}
        onChange={(stopAfter) => onChange({ stopAfter })}
      />
      <Choice
        label="When it stops, phones in progress"
        value={draft.onStop}
        options={[
          ['finish', 'finish'],
          ['cancel', 'are cancelled'],
        ]}
        onChange={(value) => onChange({ onStop: value === 'cancel' ? 'cancel' : 'finish' })}
      />
      <Field label="Hours to appear" hint="Leave empty for no limit">
        {(ids) => (
          <input
            {...ids}
            type="number"
            min="0.01"
            max={MAX_HOURS}
            step="any"
            value={draft.appearWithinHours}
            onInput={(event) => onChange({ appearWithinHours: event.currentTarget.value })}
          />
        )}
      </Field>
      <Choice
        label="A phone that does not appear"
        hint="A canary always stops it"
        value={draft.onAbsent}
        options={[
          ['fail', 'counts as failed'],
          ['skip', 'is skipped'],
        ]}
        onChange={(value) => onChange({ onAbsent: value === 'skip' ? 'skip' : 'fail' })}
      />
    </div>
  )
}

function Count(props: {
  readonly label: string
  readonly hint?: string
  readonly min: number
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const { label, hint, min, value, onChange } = props
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(ids) => (
        <input
          {...ids}
          type="number"
          required
          min={min}
          max={MAX_PHONES}
          step={1}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
