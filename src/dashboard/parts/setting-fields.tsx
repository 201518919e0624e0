import { type SettingDraft, withSetting } from '../data/phone-draft.ts'
import { type FieldFaults, settingPointer } from '../words/field-faults.ts'
import { TextField } from './text-field.tsx'

/** Parameters of a phone's configuration file. */
export function SettingFields(props: {
  readonly title: string
  readonly settings: readonly SettingDraft[]
  readonly faults: FieldFaults
  /** Where they stand in the entry, as a JSON pointer. */
  readonly below: '/settings' | '/sip'
  readonly onChange: (settings: readonly SettingDraft[]) => void
}) {
  const { settings, faults, below, onChange } = props
  const change = (changed: SettingDraft) =>
    onChange(settings.map((one) => (one.key === changed.key ? changed : one)))
  const remove = (key: number) => onChange(settings.filter((one) => one.key !== key))
  return (
    <fieldset>
      <legend>{props.title}</legend>
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
            fault={faults.get(settingPointer(setting.name, below))}
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
        <button type="button" onClick={() => onChange(withSetting(settings))}>
          Add a setting
        </button>
      </p>
    </fieldset>
  )
}
