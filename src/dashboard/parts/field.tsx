import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What an input gets to belong to its label, its hint and its fault. */
export type FieldIds = {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

/** A labelled field of a form. */
export function Field(props: {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with its value, as the API says. */
  readonly fault?: string | undefined
  readonly children: (ids: FieldIds) => ComponentChildren
}) {
  const { label, hint, fault } = props
  const id = useId()
  const [hintId, faultId] = [`${id}-hint`, `${id}-fault`]
  const described = [fault === undefined ? '' : faultId, hint === undefined ? '' : hintId]
  const ids: FieldIds = {
    id,
    ...(hint === undefined && fault === undefined
      ? {}
      : { 'aria-describedby': described.filter(Boolean).join(' ') }),
    ...(fault === undefined ? {} : { 'aria-invalid': true }),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {props.children(ids)}
      {fault === undefined ? null : (
        <p class="fault" id={faultId}>
          {fault}
        </p>
      )}
      {hint === undefined ? null : (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}
