import type { PhoneQuery } from '../data/phone-query.ts'
import { hrefOf } from '../data/route.ts'
import type { Conversion, ListedPhone } from '../data/types.ts'
import { describeStage, formatMac } from '../words/format.ts'
import { FetchedBar } from './fetched-bar.tsx'
import { Scroller } from './scroller.tsx'
import { SortHead } from './sort-head.tsx'

/** A page of the list of phones, sorted by its heads, each row with a box to select it. */
export function PhoneTable(props: {
  readonly phones: readonly ListedPhone[]
  readonly query: PhoneQuery
  readonly selected: ReadonlySet<string>
  readonly onQuery: (query: PhoneQuery) => void
  readonly onSelect: (macs: readonly string[], isSelected: boolean) => void
}) {
  const { phones, query, selected, onQuery, onSelect } = props
  const head = { query, onQuery }
  const areAll = phones.every(({ mac }) => selected.has(mac))
  return (
    <Scroller label="Phones">
      <table class="rows">
        <thead>
          <tr>
            <td class="select">
              <input
                type="checkbox"
                aria-label="Select this page"
                checked={areAll}
                onChange={() =>
                  onSelect(
                    phones.map(({ mac }) => mac),
                    !areAll,
                  )
                }
              />
            </td>
            <SortHead text="Phone" column="mac" {...head} />
            <SortHead text="Label" column="label" class="label" {...head} />
            <SortHead text="Conversion" column="state" {...head} />
            <th scope="col" class="extra">
              Image
            </th>
            <SortHead text="Runs" column="load" class="extra" {...head} />
            <SortHead text="Model" column="model" class="extra" {...head} />
            <SortHead text="Network" column="network" class="extra" {...head} />
            <SortHead text="Profile" column="profile" class="extra" {...head} />
          </tr>
        </thead>
        <tbody>
          {phones.map((phone) => (
            <Row
              key={phone.mac}
              phone={phone}
              isSelected={selected.has(phone.mac)}
              onSelect={(isSelected) => onSelect([phone.mac], isSelected)}
            />
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

function Row(props: {
  readonly phone: ListedPhone
  readonly isSelected: boolean
  readonly onSelect: (isSelected: boolean) => void
}) {
  const { phone, isSelected, onSelect } = props
  const { mac, label, model, network, profile, seen, conversion } = phone
  return (
    <tr class={conversion?.state ?? 'idle'}>
      <td class="select">
        <input
          type="checkbox"
          aria-label={`Select ${formatMac(mac)}`}
          checked={isSelected}
          onChange={(event) => onSelect(event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a>
        <span class="narrow">{label}</span>
      </th>
      <td class="label">{label}</td>
      <td>
        {conversion === undefined ? (
          <span class="quiet">none</span>
        ) : (
          <Stage conversion={conversion} />
        )}
      </td>
      <td class="extra">
        {conversion === undefined ? null : <FetchedBar conversion={conversion} />}
      </td>
      <td class="extra">{seen === null ? null : (seen.load ?? seen.protocol?.toUpperCase())}</td>
      <td class="extra">{model}</td>
      <td class="extra">{network}</td>
      <td class="extra">{profile}</td>
    </tr>
  )
}

function Stage({ conversion }: { readonly conversion: Conversion }) {
  const { state, diagnosis } = conversion
  return (
    <>
      <span class={`mark ${state}`}>{describeStage(conversion)}</span>
      {diagnosis === null ? null : (
        <>
          <span class="warn">
            {' '}
            ⚠ <code>{diagnosis.code}</code>
          </span>
          <span class="hint block">{diagnosis.remedy}</span>
        </>
      )}
    </>
  )
}
