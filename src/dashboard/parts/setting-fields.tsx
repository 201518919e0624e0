import { addSetting, type PhoneDraft, type SettingDraft } from '../data/phone-draft.ts'
import { type FieldFaults, settingPointer } from '../words/field-faults.ts'
import { TextField } from './text-field.tsx'

/** Parameters of the phone's own configuration file, over those of its profile. */
export function SettingFields(props: {
  readonly draft: PhoneDraft
  readonly faults: FieldFaults
  readonly onChange: (draft: PhoneDraft) => void
}) {
  const { draft, faults, onChange } = props
  const { settings } = draft
  const change = (changed: SettingDraft) =>
    onChange({
      ...draft,
      settings: settings.map((one) => (one.key === changed.key ? changed : one)),
    })
  const remove = (key: number) =>
    onChange({ ...draft, settings: settings.filter((one) => one.key !== key) })
  return (
    <fieldset>
      <legend>Settings of this phone only</legend>
      {settings.map((setting) => (
        <div class="fields pair" key={setting.key}>
          <TextField
            label="Parameter"
            required
            maxLength={64}
            value={setting.name}
            onChange={(name) => change({ ...setting, name, isStoredSecret: false })}
          />
          <TextField
            label={`Value of ${setting.name || 'the new parameter'}`}
            hint={setting.isStoredSecret ? 'A secret is stored. Leave empty to keep it' : undefined}
            fault={faults.get(settingPointer(setting.name))}
            type={setting.isStoredSecret ? 'password' : 'text'}
            value={setting.value}
            onChange={(value) => change({ ...setting, value })}
          />
          <button type="button" onClick={() => remove(setting.key)}>
            Remove {setting.name || 'it'}
          </button>
        </div>
      ))}
      <p class="actions">
        <button type="button" onClick={() => onChange(addSetting(draft))}>
          Add a setting
        </button>
      </p>
    </fieldset>
  )
}
