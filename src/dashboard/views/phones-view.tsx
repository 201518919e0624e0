import { useState } from 'preact/hooks'
import type { PageState } from '../data/page-state.ts'
import { hrefOf } from '../data/route.ts'
import type { Conversion } from '../data/types.ts'
import { FetchedBar } from '../parts/fetched-bar.tsx'
import { FirstSteps } from '../parts/first-steps.tsx'
import { GroupButtons } from '../parts/group-buttons.tsx'
import { Pager } from '../parts/pager.tsx'
import { PhoneFilter } from '../parts/phone-filter.tsx'
import { Scroller } from '../parts/scroller.tsx'
import { describeStage, formatMac } from '../words/format.ts'
import { pageOf } from '../words/pages.ts'
import { type PhoneGroup, rowsIn } from '../words/phone-groups.ts'
import { type PhoneRow, phoneRows } from '../words/phone-rows.ts'

/** All phones and how far each is. */
export function PhonesView({ state }: { readonly state: PageState }) {
  const { phones, firmware } = state
  const needsFirmware = firmware?.length === 0
  return (
    <>
      <div class="title">
        <h1>Phones</h1>
        <a class="button main" href={hrefOf({ kind: 'enrol' })}>
          Enrol a phone
        </a>
      </div>
      {phones === null ? <p>Loading the phones.</p> : null}
      {phones !== null && (phones.length === 0 || needsFirmware) ? (
        <FirstSteps loads={firmware?.length ?? 0} phones={phones.length} />
      ) : null}
      {phones === null || phones.length === 0 ? null : <PhoneList {...state} phones={phones} />}
    </>
  )
}

type ListProps = Pick<PageState, 'conversions'> & {
  readonly phones: NonNullable<PageState['phones']>
}

function PhoneList({ phones, conversions }: ListProps) {
  const [filter, setFilter] = useState('')
  const [group, setGroup] = useState<PhoneGroup>('all')
  const [wanted, setWanted] = useState(0)
  const fitting = phoneRows(phones, conversions, filter)
  const rows = rowsIn(group, fitting)
  const { shown, page, pages } = pageOf(rows, wanted)
  const sift = (words: string) => {
    setFilter(words)
    setWanted(0)
  }
  return (
    <>
      <div class="sieve">
        <PhoneFilter filter={filter} onFilter={sift} />
        <GroupButtons
          rows={fitting}
          group={group}
          onGroup={(next) => {
            setGroup(next)
            setWanted(0)
          }}
        />
      </div>
      <p class="hint" role="status">
        {rows.length} of {phones.length} phones
      </p>
      {rows.length === 0 ? <p>No phone matches.</p> : <PhoneTable rows={shown} />}
      <Pager
        label="Pages of phones"
        rows={rows.length}
        page={page}
        pages={pages}
        onPage={setWanted}
      />
    </>
  )
}

function PhoneTable({ rows }: { readonly rows: readonly PhoneRow[] }) {
  return (
    <Scroller label="Phones">
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Phone</th>
            <th scope="col" class="label">
              Label
            </th>
            <th scope="col">Conversion</th>
            <th scope="col" class="extra">
              Image
            </th>
            <th scope="col" class="extra">
              Model
            </th>
            <th scope="col" class="extra">
              Network
            </th>
            <th scope="col" class="extra">
              Profile
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.phone.mac} {...row} />
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

function Row({ phone, conversion }: PhoneRow) {
  const { mac, label, model, network, profile } = phone
  return (
    <tr class={conversion?.state ?? 'idle'}>
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
