import { countIn } from '../data/phone-query.ts'
import type { PhoneCounts } from '../data/types.ts'
import { PHONE_GROUPS, type PhoneGroup } from '../words/phone-groups.ts'

/** How many phones are where; a press shows those alone. */
export function GroupButtons(props: {
  readonly counts: PhoneCounts
  readonly group: PhoneGroup
  readonly onGroup: (group: PhoneGroup) => void
}) {
  return (
    <fieldset class="groups">
      <legend class="unseen">Phones to show</legend>
      {PHONE_GROUPS.map(([group, name]) => (
        <button
          key={group}
          type="button"
          class={group}
          aria-pressed={group === props.group}
          onClick={() => props.onGroup(group)}
        >
          {name} <span class="count">{countIn(group, props.counts)}</span>
        </button>
      ))}
    </fieldset>
  )
}
