import { useRef, useState } from 'preact/hooks'

type OnStop = 'finish' | 'cancel'

/** A button that stops a roll-out, once it is said what becomes of the phones under way. */
export function StopDialog(props: {
  readonly underWay: number
  /** What the roll-out does with them when it stops by itself: the choice to begin with. */
  readonly onStop: OnStop
  readonly onConfirm: (onStop: OnStop) => void
}) {
  const { underWay, onStop, onConfirm } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const [chosen, setChosen] = useState(onStop)
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        Stop…
      </button>
      <dialog ref={dialog} aria-labelledby="stop-title">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            dialog.current?.close()
            onConfirm(chosen)
          }}
        >
          <h2 id="stop-title">Stop this roll-out for good?</h2>
          <p>It cannot be resumed. Phones whose turn has not come are skipped.</p>
          <fieldset>
            <legend>{underWay === 1 ? '1 phone' : `${underWay} phones`} under way</legend>
            <Choice text="Let them finish" value="finish" chosen={chosen} onChoose={setChosen} />
            <Choice
              text="Cancel them: each goes back to its present load"
              value="cancel"
              chosen={chosen}
              onChoose={setChosen}
            />
          </fieldset>
          <p class="actions">
            <button type="submit" class="main">
              Stop for good
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Do not stop
            </button>
          </p>
        </form>
      </dialog>
    </>
  )
}

function Choice(props: {
  readonly text: string
  readonly value: OnStop
  readonly chosen: OnStop
  readonly onChoose: (value: OnStop) => void
}) {
  const { text, value, chosen, onChoose } = props
  return (
    <p>
      <label>
        <input
          type="radio"
          name="on-stop"
          value={value}
          checked={chosen === value}
          onChange={() => onChoose(value)}
        />{' '}
        {text}
      </label>
    </p>
  )
}
