import type { Phone } from '../data/types.ts'
import { describePhoneChanges } from '../words/phone-changes.ts'

/** Somebody else has changed the phone since this edit began: what, and which of the two shall stand. */
export function OvertakenNote(props: {
  readonly before: Phone
  readonly now: Phone
  readonly onTheirs: () => void
  readonly onMine: () => void
}) {
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>Somebody else has changed this phone meanwhile; nothing of yours is saved.</strong>
      </p>
      <ul>
        {describePhoneChanges(props.before, props.now).map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      <p class="actions">
        <button type="button" onClick={props.onTheirs}>
          Take theirs, drop mine
        </button>
        <button type="button" onClick={props.onMine}>
          Save mine over theirs
        </button>
      </p>
    </div>
  )
}
