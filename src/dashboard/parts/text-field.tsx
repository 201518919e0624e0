import { Field } from './field.tsx'

/** A field of one line of text. */
export function TextField(props: {
  readonly label: string
  readonly hint?: string | undefined
  readonly fault?: string | undefined
  readonly value: string
  readonly type?: 'text' | 'password'
  readonly required?: boolean
  readonly maxLength?: number
  readonly onChange: (value: string) => void
}) {
  const { label, hint, fault, type = 'text', onChange } = props
  const { value, required = false, maxLength = 256 } = props
  const onInput = (event: { readonly currentTarget: HTMLInputElement }) =>
    onChange(event.currentTarget.value)
  const common = { value, required, maxLength, onInput }
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(ids) =>
        type === 'password' ? (
          // A browser's own list of passwords has none for a phone.
          <input {...ids} {...common} type="password" autocomplete="new-password" />
        ) : (
          <input {...ids} {...common} autocomplete="off" />
        )
      }
    </Field>
  )
}
