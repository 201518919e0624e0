import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

/** A button that does what it says once that is confirmed in a dialog. */
export function ConfirmButton(props: {
  readonly text: string
  /** What it is about, for those who hear one button of many and do not see its row. */
  readonly about?: string
  readonly title: string
  /** What the dialog says, and asks besides. */
  readonly children: ComponentChildren
  readonly yes: string
  readonly no: string
  readonly onYes: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        {props.text}
        {props.about !== undefined && <span class="unseen"> {props.about}</span>}
      </button>
      <dialog ref={dialog} aria-labelledby={titleId}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            dialog.current?.close()
            props.onYes()
          }}
        >
          <h2 id={titleId}>{props.title}</h2>
          {props.children}
          <p class="actions">
            <button type="submit" class="main">
              {props.yes}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              {props.no}
            </button>
          </p>
        </form>
      </dialog>
    </>
  )
}
