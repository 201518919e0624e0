import { hrefOf } from '../data/route.ts'
import type { SurveyedPhone } from '../data/types.ts'
import { formatMac } from '../words/format.ts'
import { seenByWords } from '../words/registration-words.ts'
import { PagedTable } from './data-table.tsx'

const COLUMNS = [
  'MAC address',
  'Address',
  'Model',
  'Protocol',
  'Load',
  'Serial number',
  'Known by',
  'Enrolled',
] as const

/** What phones told, a row an address; an empty cell is what no answer told. */
export function SurveyTable({ phones }: { readonly phones: readonly SurveyedPhone[] }) {
  return (
    <PagedTable
      label="Results of the survey"
      pagesLabel="Pages of the survey"
      columns={COLUMNS}
      rows={phones}
      draw={(phone) => <Row key={phone.address} {...phone} />}
    />
  )
}

function Row({ mac, address, model, protocol, load, serial, by, enrolled }: SurveyedPhone) {
  return (
    <tr>
      <td>{mac === null ? <span class="quiet">unknown</span> : <code>{formatMac(mac)}</code>}</td>
      {/* Every row has an address, and only some have a MAC address: it names the row. */}
      <th scope="row">{address}</th>
      <td>{model}</td>
      <td>{protocol?.toUpperCase()}</td>
      <td>{load === null ? null : <code>{load}</code>}</td>
      <td>{serial}</td>
      <td>{by === null ? <span class="quiet">nothing known</span> : seenByWords(by)}</td>
      <td>{enrolled ? <Enrolled mac={mac} /> : 'no'}</td>
    </tr>
  )
}

function Enrolled({ mac }: { readonly mac: string | null }) {
  if (mac === null) return <>yes</>
  return (
    <a href={hrefOf({ kind: 'phone', mac })}>
      yes<span class="unseen"> phone {formatMac(mac)}</span>
    </a>
  )
}
