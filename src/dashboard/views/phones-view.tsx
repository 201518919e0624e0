import { useState } from 'preact/hooks'
import type { PageState } from '../data/page-state.ts'
import { hrefOf } from '../data/route.ts'
import type { Conversion } from '../data/types.ts'
import { FetchedBar } from '../parts/fetched-bar.tsx'
import { Field } from '../parts/field.tsx'
import { describeStage, formatMac } from '../words/format.ts'
import { type PhoneRow, phoneRows } from '../words/phone-rows.ts'

/** All phones and how far each is. */
export function PhonesView({ state }: { readonly state: PageState }) {
  const [filter, setFilter] = useState('')
  const { phones, conversions } = state
  return (
    <>
      <h1>Phones</h1>
      {phones === null ? <p>Reading the phones.</p> : null}
      {phones?.length === 0 ? (
        <p>
          No phone is enrolled. <a href={hrefOf({ kind: 'enrol' })}>Enrol the first one.</a>
        </p>
      ) : null}
      {phones === null || phones.length === 0 ? null : (
        <>
          <Field label="Filter" hint="Any words: address, label, network, load, state">
            {(ids) => (
              <input
                {...ids}
                type="search"
                value={filter}
                onInput={(event) => setFilter(event.currentTarget.value)}
              />
            )}
          </Field>
          <PhoneTable rows={phoneRows(phones, conversions, filter)} of={phones.length} />
        </>
      )}
    </>
  )
}

function PhoneTable({ rows, of }: { readonly rows: readonly PhoneRow[]; readonly of: number }) {
  return (
    <>
      <p class="hint">
        {rows.length} of {of} phones
      </p>
      <div class="wide">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Phone</th>
              <th scope="col">Label</th>
              <th scope="col">Model</th>
              <th scope="col">Network</th>
              <th scope="col">Profile</th>
              <th scope="col">Conversion</th>
              <th scope="col">Image</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.phone.mac} {...row} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Row({ phone, conversion }: PhoneRow) {
  const { mac, label, model, network, profile } = phone
  return (
    <tr class={conversion?.state ?? 'idle'}>
      <th scope="row">
        <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a>
      </th>
      <td>{label}</td>
      <td>{model}</td>
      <td>{network}</td>
      <td>{profile}</td>
      <td>{conversion === undefined ? 'none' : <Stage conversion={conversion} />}</td>
      <td>{conversion === undefined ? null : <FetchedBar conversion={conversion} />}</td>
    </tr>
  )
}

function Stage({ conversion }: { readonly conversion: Conversion }) {
  const { state, diagnosis } = conversion
  return (
    <>
      <span class={`mark ${state}`}>{describeStage(conversion)}</span>
      {diagnosis === null ? null : (
        <span class="warn">
          {' '}
          ⚠ diagnosis: <code>{diagnosis.code}</code>
        </span>
      )}
    </>
  )
}
