import { addLine, type LineDraft, losesPassword, type PhoneDraft } from '../data/phone-draft.ts'
import type { FieldFaults } from '../words/field-faults.ts'
import { LINE_NAMES } from '../words/field-names.ts'
import { TextField } from './text-field.tsx'

type Props = {
  readonly draft: PhoneDraft
  readonly faults: FieldFaults
  readonly onChange: (draft: PhoneDraft) => void
}

/** The lines of a SIP phone. Passwords go in and never come out. */
export function LineFields({ draft, faults, onChange }: Props) {
  const { lines } = draft
  const change = (changed: LineDraft) =>
    onChange({ ...draft, lines: lines.map((one) => (one.key === changed.key ? changed : one)) })
  const remove = (key: number) =>
    onChange({ ...draft, lines: lines.filter((one) => one.key !== key) })
  return (
    <fieldset>
      <legend>SIP lines</legend>
      {lines.length === 0 ? <p class="hint">A phone that runs SCCP needs no SIP line.</p> : null}
      {lines.map((line, index) => (
        <fieldset key={line.key}>
          <legend>Line {index + 1}</legend>
          <OneLine line={line} path={`/lines/${index}`} faults={faults} onChange={change} />
          <button type="button" onClick={() => remove(line.key)}>
            Remove line {index + 1}
          </button>
        </fieldset>
      ))}
      <p class="actions">
        <button type="button" onClick={() => onChange(addLine(draft))}>
          Add a line
        </button>
      </p>
    </fieldset>
  )
}

const TEXTS = [
  ['name', 'The user name that it registers'],
  ['authName', undefined],
  ['displayName', 'What other phones show'],
  ['shortName', 'On the display, beside the line key'],
  ['contact', undefined],
] as const

function OneLine(props: {
  readonly line: LineDraft
  readonly path: string
  readonly faults: FieldFaults
  readonly onChange: (line: LineDraft) => void
}) {
  const { line, path, faults, onChange } = props
  return (
    <div class="fields">
      {TEXTS.map(([field, hint]) => (
        <TextField
          key={field}
          label={LINE_NAMES[field]}
          hint={hint}
          fault={faults.get(`${path}/${field}`)}
          required={field === 'name'}
          value={line[field]}
          onChange={(value) => onChange({ ...line, [field]: value })}
        />
      ))}
      <TextField
        label={LINE_NAMES.password}
        type="password"
        hint={passwordHint(line)}
        fault={faults.get(`${path}/password`)}
        value={line.password}
        onChange={(password) => onChange({ ...line, password })}
      />
      {line.passwordOf === null ? null : (
        <label class="check">
          <input
            type="checkbox"
            checked={line.dropsPassword}
            onChange={(event) => onChange({ ...line, dropsPassword: event.currentTarget.checked })}
          />
          Remove the stored password
        </label>
      )}
    </div>
  )
}

function passwordHint(line: LineDraft): string {
  if (line.passwordOf === null) return 'It is stored and never shown again'
  if (losesPassword(line)) return 'Enter it again: the stored one belongs to the previous name'
  return 'A password is stored. Leave empty to keep it'
}
