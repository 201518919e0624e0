import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { ProfileDraft } from '../data/profile-draft.ts'
import type { Firmware } from '../data/types.ts'
import { type FieldFaults, listFault, profileValues, refusalOf } from '../words/field-faults.ts'
import { Choice } from './choice.tsx'
import { Field } from './field.tsx'
import { ProblemNote } from './problem-note.tsx'
import { SettingFields } from './setting-fields.tsx'
import { TextField } from './text-field.tsx'
import { useRefusal } from './use-refusal.ts'

/** The form of a profile: what phones run and are told. */
export function ProfileForm(props: {
  readonly before: ProfileDraft
  readonly isNew: boolean
  readonly firmware: readonly Firmware[]
  /** Stores it; what it throws is shown. */
  readonly onSave: (draft: ProfileDraft) => Promise<void>
}) {
  const { before, isNew, firmware, onSave } = props
  const [draft, setDraft] = useState(before)
  const { form, faults, note, refuse, forget } = useRefusal(profileValues(draft))
  const save = () => {
    const twice = refusalOf(draft.settings, '/sip')
    if (twice !== null) return refuse(twice)
    forget()
    onSave(draft).catch((error: unknown) => refuse(problemOf(error)))
  }
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Basics {...{ draft, isNew, firmware, faults }} onChange={setDraft} />
      {draft.protocol === 'sip' ? (
        <SettingFields
          title="SIP settings"
          settings={draft.settings}
          faults={faults}
          below="/sip"
          onChange={(settings) => setDraft({ ...draft, settings })}
        />
      ) : (
        <CallManagers draft={draft} faults={faults} onChange={setDraft} />
      )}
      <ProblemNote problem={note} />
      <p class="actions">
        <button type="submit" class="main">
          {isNew ? 'Create the profile' : 'Save'}
        </button>
      </p>
    </form>
  )
}

type FieldProps = {
  readonly draft: ProfileDraft
  readonly faults: FieldFaults
  readonly onChange: (draft: ProfileDraft) => void
}

function Basics(
  props: FieldProps & { readonly isNew: boolean; readonly firmware: readonly Firmware[] },
) {
  const { draft, faults, isNew, firmware, onChange } = props
  const loads = firmware.filter(({ protocol }) => protocol === draft.protocol)
  const names = new Set(['', ...loads.map(({ load }) => load), draft.load])
  return (
    <div class="fields">
      {isNew ? (
        <TextField
          label="Name"
          hint="Letters, digits, dot, dash and underscore, such as to-sip"
          fault={faults.get('/name')}
          required
          maxLength={64}
          value={draft.name}
          onChange={(name) => onChange({ ...draft, name })}
        />
      ) : null}
      <Choice
        label="Protocol"
        fault={faults.get('/protocol')}
        value={draft.protocol}
        options={[
          ['sip', 'SIP'],
          ['sccp', 'SCCP'],
        ]}
        onChange={(value) =>
          onChange({ ...draft, protocol: value === 'sccp' ? 'sccp' : 'sip', load: '' })
        }
      />
      <Choice
        label="Load"
        hint={loads.length === 0 ? 'Add firmware of this protocol first' : 'Available firmware'}
        fault={faults.get('/load')}
        value={draft.load}
        options={[...names].map((load) => (load === '' ? (['', 'choose'] as const) : load))}
        onChange={(load) => onChange({ ...draft, load })}
      />
    </div>
  )
}

function CallManagers({ draft, faults, onChange }: FieldProps) {
  const fault = listFault(faults, '/sccp/callManagers')
  return (
    <div class="fields">
      <Field
        label="Call managers"
        hint="Addresses or names, one a line, the preferred one first"
        fault={fault}
      >
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            value={draft.callManagers}
            onInput={(event) => onChange({ ...draft, callManagers: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  )
}
