import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What an input gets to belong to its label and its hint. */
export type FieldIds = { readonly id: string; readonly 'aria-describedby'?: string }

/** A labelled field of a form. */
export function Field(props: {
  readonly label: string
  readonly hint?: string
  readonly children: (ids: FieldIds) => ComponentChildren
}) {
  const id = useId()
  const hintId = `${id}-hint`
  const ids = props.hint === undefined ? { id } : { id, 'aria-describedby': hintId }
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(ids)}
      {props.hint === undefined ? null : (
        <p class="hint" id={hintId}>
          {props.hint}
        </p>
      )}
    </div>
  )
}
