import type { PageApi } from '../data/page-api.ts'
import { hrefOf } from '../data/route.ts'
import type { PhoneReport } from '../data/types.ts'
import { Facts } from '../parts/facts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ReportedFirmware, ReportFrame } from '../parts/report-frame.tsx'
import { useReport } from '../parts/use-report.ts'
import { evidenceWords } from '../words/evidence-words.ts'
import { formatMac, formatMoment } from '../words/format.ts'
import { describeSeen } from '../words/registration-words.ts'
import { starterWords } from '../words/report-words.ts'

/** What was done to one phone, for paper. */
export function PhoneReportView({ api, mac }: { readonly api: PageApi; readonly mac: string }) {
  const { report, problem } = useReport<PhoneReport>(api, `/v1/phones/${mac}/report`)
  return (
    <>
      {report === null && problem === null ? <p>Loading the report.</p> : null}
      <ProblemNote problem={problem} />
      {report === null ? null : <Report report={report} />}
    </>
  )
}

function Report({ report }: { readonly report: PhoneReport }) {
  const { mac, serial, model, label, network, profile, conversion, fetched } = report
  const facts = [
    ['Serial number', serial ?? 'not known'],
    ['Model', model],
    ['Label', label],
    ['Network', network],
    ['Profile', profile],
    ['Runs', describeSeen(report)],
  ] as const
  return (
    <ReportFrame
      title={`Report of phone ${formatMac(mac)}`}
      back={hrefOf({ kind: 'phone', mac })}
      version={report.version}
      writtenAt={report.writtenAt}
    >
      <Facts facts={facts} />
      {conversion === null ? (
        <p>This phone was not converted here.</p>
      ) : (
        <ConversionPart conversion={conversion} />
      )}
      {fetched.length === 0 ? null : (
        <section aria-labelledby="fetched-title">
          <h2 id="fetched-title">Firmware files that the phone fetched completely</h2>
          <ul>
            {fetched.map(({ name, sha256, at }) => (
              <li key={name}>
                {formatMoment(at)} <code>{name}</code>{' '}
                <span class="hash">{sha256 ?? 'SHA-256 not recorded any more'}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ReportedFirmware firmware={report.firmware} />
    </ReportFrame>
  )
}

function ConversionPart({
  conversion,
}: {
  readonly conversion: NonNullable<PhoneReport['conversion']>
}) {
  const { from, to, state, confirmedBy, evidence, diagnosis, steps, startedBy } = conversion
  const { startedAt, endedAt } = conversion
  const facts = [
    ['From', from ?? 'not known'],
    ['To', to],
    ['Result', state],
    ['Confirmed by', confirmedBy === null ? null : evidenceWords(confirmedBy)],
    ['Diagnosis', diagnosis === null ? null : `${diagnosis.code}: ${diagnosis.seen}`],
    ['Started', formatMoment(startedAt)],
    ['Started by', starterWords(startedBy)],
    ['Ended', endedAt === null ? null : formatMoment(endedAt)],
    ['Steps', steps.map(({ load, stage }) => `${load} (${stage})`).join(', ')],
  ] as const
  return (
    <section aria-labelledby="conversion-title">
      <h2 id="conversion-title">Conversion</h2>
      <Facts facts={facts} />
      {evidence.length === 0 ? null : (
        <ul>
          {evidence.map(({ at, kind, detail }) => (
            <li key={at}>
              {formatMoment(at)} {detail} ({evidenceWords(kind)})
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
