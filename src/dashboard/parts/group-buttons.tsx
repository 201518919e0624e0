import { groupOf, PHONE_GROUPS, type PhoneGroup } from '../words/phone-groups.ts'
import type { PhoneRow } from '../words/phone-rows.ts'

/** How many phones are where; a press shows those alone. */
export function GroupButtons(props: {
  readonly rows: readonly PhoneRow[]
  readonly group: PhoneGroup
  readonly onGroup: (group: PhoneGroup) => void
}) {
  const counts = new Map<PhoneGroup, number>([['all', props.rows.length]])
  for (const row of props.rows) counts.set(groupOf(row), (counts.get(groupOf(row)) ?? 0) + 1)
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
          {name} <span class="count">{counts.get(group) ?? 0}</span>
        </button>
      ))}
    </fieldset>
  )
}
