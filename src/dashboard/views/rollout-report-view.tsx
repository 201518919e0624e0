import type { PageApi } from '../data/page-api.ts'
import { hrefOf } from '../data/route.ts'
import type { RolloutReport } from '../data/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Facts } from '../parts/facts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ReportedFirmware, ReportFrame } from '../parts/report-frame.tsx'
import { useReport } from '../parts/use-report.ts'
import { evidenceWords } from '../words/evidence-words.ts'
import { formatMac, formatMoment } from '../words/format.ts'
import { starterWords } from '../words/report-words.ts'

const COLUMNS = [
  'Phone',
  'Label',
  'Model, serial number',
  'From',
  'Result',
  'Started, ended',
] as const

/** What a roll-out did, phone by phone, for paper. */
export function RolloutReportView({ api, id }: { readonly api: PageApi; readonly id: string }) {
  const { report, problem } = useReport<RolloutReport>(api, `/v1/rollouts/${id}/report`)
  return (
    <>
      {report === null && problem === null ? <p>Loading the report.</p> : null}
      <ProblemNote problem={problem} />
      {report === null ? null : <Report report={report} />}
    </>
  )
}

function Report({ report }: { readonly report: RolloutReport }) {
  const { id, to, from, state, reason, startedAt, endedAt, startedBy, phones } = report
  const confirmed = phones.filter((one) => one.state === 'confirmed').length
  const facts = [
    ['From', from ?? 'shown by each phone'],
    ['To', to],
    ['State', reason === null ? state : `${state}: ${reason}`],
    ['Confirmed', `${confirmed} of ${phones.length} phones`],
    ['Started', formatMoment(startedAt)],
    ['Started by', starterWords(startedBy)],
    ['Ended', endedAt === null ? null : formatMoment(endedAt)],
  ] as const
  return (
    <ReportFrame
      title={`Report of roll-out ${id}`}
      back={hrefOf({ kind: 'rollout', id })}
      version={report.version}
      writtenAt={report.writtenAt}
    >
      <Facts facts={facts} />
      <PhoneTable phones={phones} />
      <ReportedFirmware firmware={report.firmware} />
    </ReportFrame>
  )
}

/** All phones, not by pages: it is for paper. */
function PhoneTable({ phones }: Pick<RolloutReport, 'phones'>) {
  return (
    <DataTable label="Phones of the roll-out" columns={COLUMNS}>
      {phones.map((phone) => (
        <PhoneRow key={phone.mac} {...phone} />
      ))}
    </DataTable>
  )
}

function PhoneRow(phone: RolloutReport['phones'][number]) {
  const { mac, label, model, serial, from, state, reason, confirmedBy, isCanary } = phone
  return (
    <tr>
      <th scope="row">
        <code>{formatMac(mac)}</code>
      </th>
      <td>
        {label}
        {isCanary ? <span class="hint block">canary</span> : null}
      </td>
      <td>{[model, serial].filter(Boolean).join(', ')}</td>
      <td>{from}</td>
      <td>
        {state}
        {confirmedBy === null ? null : (
          <span class="hint block">by {evidenceWords(confirmedBy)}</span>
        )}
        {reason === null ? null : <span class="hint block">{reason}</span>}
      </td>
      <td>
        {phone.startedAt === null ? null : formatMoment(phone.startedAt)}
        {phone.endedAt === null ? null : <span class="block">{formatMoment(phone.endedAt)}</span>}
      </td>
    </tr>
  )
}
