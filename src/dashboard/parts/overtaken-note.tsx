import type { Phone } from '../data/types.ts'
import { describePhoneChanges } from '../words/phone-changes.ts'

/** Another operator has changed the phone since this edit began: what, and which of the two shall stand. */
export function OvertakenNote(props: {
  readonly before: Phone
  readonly now: Phone
  readonly onTheirs: () => void
  readonly onMine: () => void
}) {
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>
          This phone was changed elsewhere in the meantime; your changes are not saved.
        </strong>
      </p>
      <ul>
        {describePhoneChanges(props.before, props.now).map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      <p class="actions">
        <button type="button" onClick={props.onTheirs}>
          Discard my changes
        </button>
        <button type="button" onClick={props.onMine}>
          Overwrite with my changes
        </button>
      </p>
    </div>
  )
}
