import { Field } from './field.tsx'

/** Sifts a list of phones by words; inside a form, Enter does not send it. */
export function PhoneFilter(props: {
  readonly filter: string
  readonly onFilter: (filter: string) => void
}) {
  const { filter, onFilter } = props
  return (
    <Field
      label="Filter"
      hint="Words of label, network, profile, load or state; at least four digits of a MAC address"
    >
      {(ids) => (
        <input
          {...ids}
          type="search"
          value={filter}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault()
          }}
          onInput={(event) => onFilter(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
