import { useState } from 'preact/hooks'
import { choosePhones, dropPhones, type RolloutDraft } from '../data/rollout-draft.ts'
import type { Conversion, Phone } from '../data/types.ts'
import { allThatMatch } from '../words/bulk-words.ts'
import { describeStage, formatMac } from '../words/format.ts'
import { pageOf } from '../words/pages.ts'
import { type PhoneRow, phoneRows } from '../words/phone-rows.ts'
import { DataTable } from './data-table.tsx'
import { Pager } from './pager.tsx'
import { PhoneFilter } from './phone-filter.tsx'

const COLUMNS = ['Phone', 'Label', 'Model', 'Network', 'Conversion', 'In this roll-out'] as const

/** Chooses phones of those that are enrolled; the first that are chosen are the canaries. */
export function PhonePicker(props: {
  readonly draft: RolloutDraft
  readonly phones: readonly Phone[]
  readonly conversions: ReadonlyMap<string, Conversion>
  readonly onChange: (draft: RolloutDraft) => void
}) {
  const { draft, phones, conversions, onChange } = props
  const [filter, setFilter] = useState('')
  const rows = phoneRows(phones, conversions, filter)
  const fitting = rows.map(({ phone }) => phone.mac)
  const [wanted, setWanted] = useState(0)
  const { shown, page, pages } = pageOf(rows, wanted)
  const sift = (words: string) => {
    setFilter(words)
    setWanted(0)
  }
  return (
    <fieldset>
      <legend>Phones</legend>
      <PhoneFilter filter={filter} onFilter={sift} />
      <p class="actions">
        <button type="button" onClick={() => onChange(choosePhones(draft, fitting))}>
          Select {allThatMatch(rows.length)}
        </button>
        <button type="button" onClick={() => onChange(dropPhones(draft, fitting))}>
          Clear {allThatMatch(rows.length)}
        </button>
      </p>
      <p role="status">
        {draft.phones.length} of {phones.length} phones selected. The canaries are the first
        selected phones that do not run the load yet.
      </p>
      <PickTable rows={shown} draft={draft} onChange={onChange} />
      <Pager
        label="Pages of enrolled phones"
        rows={rows.length}
        page={page}
        pages={pages}
        onPage={setWanted}
      />
    </fieldset>
  )
}

function PickTable(props: {
  readonly rows: readonly PhoneRow[]
  readonly draft: RolloutDraft
  readonly onChange: (draft: RolloutDraft) => void
}) {
  const { rows, draft, onChange } = props
  const places = new Map(draft.phones.map((mac, place) => [mac, place]))
  return (
    <DataTable label="Enrolled phones" columns={COLUMNS}>
      {rows.map((row) => (
        <PickRow
          key={row.phone.mac}
          {...row}
          part={partOf(places.get(row.phone.mac), draft)}
          onToggle={(isChosen) =>
            onChange((isChosen ? choosePhones : dropPhones)(draft, [row.phone.mac]))
          }
        />
      ))}
    </DataTable>
  )
}

function partOf(
  place: number | undefined,
  { canaries }: RolloutDraft,
): 'canary' | 'selected' | null {
  if (place === undefined) return null
  return place < Number(canaries) ? 'canary' : 'selected'
}

function PickRow(
  props: PhoneRow & {
    readonly part: 'canary' | 'selected' | null
    readonly onToggle: (isChosen: boolean) => void
  },
) {
  const { phone, conversion, part, onToggle } = props
  const { mac, label, model, network } = phone
  return (
    <tr>
      <th scope="row">
        <label>
          <input
            type="checkbox"
            checked={part !== null}
            onChange={(event) => onToggle(event.currentTarget.checked)}
          />{' '}
          <code>{formatMac(mac)}</code>
        </label>
      </th>
      <td>{label}</td>
      <td>{model}</td>
      <td>{network}</td>
      <td>
        {conversion === undefined ? <span class="quiet">none</span> : describeStage(conversion)}
      </td>
      <td>{part === null ? <span class="quiet">no</span> : part}</td>
    </tr>
  )
}
