import type { PageState } from '../data/page-state.ts'
import type { PhoneDraft } from '../data/phone-draft.ts'
import type { FieldFaults } from '../words/field-faults.ts'
import { Choice } from './choice.tsx'
import { LineFields } from './line-fields.tsx'
import { SettingFields } from './setting-fields.tsx'
import { TextField } from './text-field.tsx'

/** All that can be said of a phone. */
export function PhoneFields(props: {
  readonly draft: PhoneDraft
  /** Whether the MAC address is still to be said. */
  readonly isNew: boolean
  readonly faults: FieldFaults
  readonly state: PageState
  readonly onChange: (draft: PhoneDraft) => void
}) {
  const { draft, isNew, faults, state, onChange } = props
  const change = (part: Partial<PhoneDraft>) => onChange({ ...draft, ...part })
  const namesOf = (named: readonly { readonly name: string }[] | null, chosen: string) =>
    choicesOf(
      named?.map(({ name }) => name),
      chosen,
    )
  return (
    <>
      <div class="fields">
        {isNew ? (
          <TextField
            label="MAC address"
            hint="On the back of the phone, in any notation"
            fault={faults.get('/mac')}
            required
            maxLength={40}
            value={draft.mac}
            onChange={(mac) => change({ mac })}
          />
        ) : null}
        <Choice
          label="Model"
          fault={faults.get('/model')}
          value={draft.model}
          options={[['', 'the phone shows it'], ...choicesOf(state.status?.models, draft.model)]}
          onChange={(model) => change({ model })}
        />
        <TextField
          label="Label"
          hint="A name of your choice, such as its place"
          fault={faults.get('/label')}
          value={draft.label}
          onChange={(label) => change({ label })}
        />
        <Choice
          label="Network"
          fault={faults.get('/network')}
          value={draft.network}
          options={[['', 'any'], ...namesOf(state.networks, draft.network)]}
          onChange={(network) => change({ network })}
        />
        <Choice
          label="Profile"
          hint="Settings that phones share"
          fault={faults.get('/profile')}
          value={draft.profile}
          options={[['', 'none'], ...namesOf(state.profiles, draft.profile)]}
          onChange={(profile) => change({ profile })}
        />
        <TextField
          label="Fixed address"
          hint="Leave empty to use the pool"
          fault={faults.get('/address')}
          maxLength={15}
          value={draft.address}
          onChange={(address) => change({ address })}
        />
        <TextField
          label="Switch port"
          hint="Where it gets its power, such as sw1/7"
          fault={faults.get('/switchPort')}
          maxLength={86}
          value={draft.switchPort}
          onChange={(switchPort) => change({ switchPort })}
        />
      </div>
      <LineFields draft={draft} faults={faults} onChange={onChange} />
      <SettingFields
        title="Settings of this phone only"
        settings={draft.settings}
        faults={faults}
        below="/settings"
        onChange={(settings) => change({ settings })}
      />
    </>
  )
}

/** A value that is no longer offered stays in the list: a form must not change it unseen. */
function choicesOf(offered: readonly string[] | undefined, chosen: string): readonly string[] {
  return [...new Set([...(offered ?? []), ...(chosen === '' ? [] : [chosen])])]
}
