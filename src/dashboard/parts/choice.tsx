import { Field } from './field.tsx'

/** A field with a list to choose from. */
export function Choice(props: {
  readonly label: string
  readonly hint?: string | undefined
  readonly fault?: string | undefined
  readonly value: string
  /** Values, or values with the words for them. */
  readonly options: readonly (string | readonly [value: string, words: string])[]
  readonly onChange: (value: string) => void
}) {
  const options = props.options.map((one) =>
    typeof one === 'string' ? ([one, one] as const) : one,
  )
  return (
    <Field label={props.label} hint={props.hint} fault={props.fault}>
      {(ids) => (
        <select
          {...ids}
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          {options.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
