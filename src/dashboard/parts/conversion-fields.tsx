import type { ConversionDraft } from '../data/conversion-body.ts'
import type { Firmware } from '../data/types.ts'
import { Field } from './field.tsx'

/** Where a phone is to go, and how. */
type Draft = Omit<ConversionDraft, 'restart'>

/** Before anything is chosen. */
export const EMPTY_CONVERSION: Draft = { to: '', from: '', path: 'cautious', acceptOneWay: false }

/** The fields of a conversion: the same for one phone and for many. */
export function ConversionFields(props: {
  readonly draft: Draft
  readonly firmware: readonly Firmware[]
  readonly onChange: (part: Partial<Draft>) => void
}) {
  const { draft, firmware, onChange } = props
  return (
    <div class="fields">
      <Field
        label="Target load"
        hint={firmware.length === 0 ? 'Add firmware first' : 'Available firmware'}
      >
        {(ids) => (
          <select
            {...ids}
            value={draft.to}
            onChange={(e) => onChange({ to: e.currentTarget.value })}
          >
            <option value="">choose</option>
            {firmware.map(({ load, protocol }) => (
              <option key={load} value={load}>
                {load} ({protocol.toUpperCase()})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Present load" hint="Leave empty if unknown: the phone shows it">
        {(ids) => (
          <input
            {...ids}
            value={draft.from}
            autocomplete="off"
            onInput={(e) => onChange({ from: e.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <Field label="Upgrade path">
        {(ids) => (
          <select
            {...ids}
            value={draft.path}
            onChange={(e) =>
              onChange({ path: e.currentTarget.value === 'direct' ? 'direct' : 'cautious' })
            }
          >
            <option value="cautious">cautious: every documented step</option>
            <option value="direct">direct: as few steps as allowed</option>
          </select>
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.acceptOneWay}
          onChange={(e) => onChange({ acceptOneWay: e.currentTarget.checked })}
        />{' '}
        Accept steps that cannot be undone
      </label>
    </div>
  )
}
