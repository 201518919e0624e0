import type { Phone, Problem } from '../data/types.ts'
import { contradictionWords } from '../words/contradiction-words.ts'

/** The phone was seen to run another load than the one that was typed in: which of the two counts. */
export function ContradictedNote(props: {
  readonly problem: Problem
  readonly phone: Phone
  /** The load that was typed in. */
  readonly from: string
  /** Starts from it all the same. */
  readonly onAccept: () => void
}) {
  const { problem, phone, from, onAccept } = props
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{problem.title}</strong>
      </p>
      {contradictionWords(phone, from).map((words) => (
        <p key={words}>{words}</p>
      ))}
      <p class="actions">
        <button type="button" onClick={onAccept}>
          Start from {from} all the same
        </button>
      </p>
    </div>
  )
}
