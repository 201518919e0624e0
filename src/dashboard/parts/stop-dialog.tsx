import { useState } from 'preact/hooks'
import { phonesByNumber } from '../words/bulk-words.ts'
import { ConfirmButton } from './confirm-button.tsx'

type OnStop = 'finish' | 'cancel'

/** A button that stops a roll-out, once it is said what becomes of the phones under way. */
export function StopDialog(props: {
  readonly underWay: number
  /** What the roll-out does with them when it stops by itself: the choice to begin with. */
  readonly onStop: OnStop
  readonly onConfirm: (onStop: OnStop) => void
}) {
  const { underWay, onStop, onConfirm } = props
  const [chosen, setChosen] = useState(onStop)
  return (
    <ConfirmButton
      text="Stop…"
      title="Stop this roll-out for good?"
      yes="Stop for good"
      no="Keep running"
      onYes={() => onConfirm(chosen)}
    >
      <p>It cannot be resumed. Phones that have not started are skipped.</p>
      <fieldset>
        <legend>{phonesByNumber(underWay)} under way</legend>
        <Option text="Let them finish" value="finish" chosen={chosen} onChoose={setChosen} />
        <Option
          text="Cancel them: each keeps its present load"
          value="cancel"
          chosen={chosen}
          onChoose={setChosen}
        />
      </fieldset>
    </ConfirmButton>
  )
}

function Option(props: {
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
