import { useState } from 'preact/hooks'
import type { Download } from '../data/download.ts'
import { problemOf } from '../data/page-api.ts'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Conversion, Phone, Problem } from '../data/types.ts'
import { ConversionForm } from '../parts/conversion-form.tsx'
import { DiagnosisCard } from '../parts/diagnosis-card.tsx'
import { DownloadButtons } from '../parts/download-buttons.tsx'
import { EvidenceList } from '../parts/evidence-list.tsx'
import { Facts } from '../parts/facts.tsx'
import { NotEnrolled } from '../parts/not-enrolled.tsx'
import { PhoneFiles } from '../parts/phone-files.tsx'
import { PlanSteps } from '../parts/plan-steps.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { RegistrationPart } from '../parts/registration-part.tsx'
import { RestartPart } from '../parts/restart-part.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { TraceExport } from '../parts/trace-export.tsx'
import { Warnings } from '../parts/warnings.tsx'
import { describeStage, formatMac } from '../words/format.ts'
import { describeSeen } from '../words/registration-words.ts'
import { RESTART_MODES } from '../words/restart-words.ts'

type Props = { readonly store: PageStore; readonly state: PageState; readonly mac: string }

/** One phone: its plan, how far it is, what it did, what it sees. */
export function PhoneView({ store, state, mac }: Props) {
  const phone = state.openPhone?.phone ?? undefined
  const conversion = state.conversions.get(mac)
  if (state.openPhone?.mac !== mac) return <p>Loading the phone.</p>
  return (
    <>
      <div class="title">
        <h1>Phone {formatMac(mac)}</h1>
        {phone === undefined ? null : (
          <p class="actions">
            <a class="button" href={hrefOf({ kind: 'edit-phone', mac })}>
              Edit
            </a>
            <a class="button" href={hrefOf({ kind: 'phone-report', mac })}>
              Report
            </a>
          </p>
        )}
      </div>
      {conversion?.diagnosis ? <DiagnosisCard diagnosis={conversion.diagnosis} /> : null}
      {phone === undefined ? <NotEnrolled /> : <PhoneFacts phone={phone} />}
      {phone === undefined ? null : <RegistrationPart phone={phone} />}
      {conversion === undefined ? null : <ConversionPart store={store} conversion={conversion} />}
      {phone === undefined ? null : <Actions store={store} state={state} phone={phone} />}
      <Records store={store} state={state} phone={phone} mac={mac} />
    </>
  )
}

/** What a phone did, and what it sees. */
function Records(props: Props & { readonly phone: Phone | undefined }) {
  const { store, state, phone, mac } = props
  const trace = state.trace?.mac === mac ? state.trace : null
  return (
    <div class="columns">
      <section aria-labelledby="timeline-title">
        <h2 id="timeline-title">Timeline</h2>
        {trace === null ? <p>Reading.</p> : <Timeline entries={trace.timeline} />}
        {phone === undefined ? null : (
          <DownloadButtons api={store.api} downloads={downloadsOf(mac)} />
        )}
        {state.conversions.get(mac) === undefined ? null : <TraceExport store={store} mac={mac} />}
        <p>
          <a href={hrefOf({ kind: 'events', about: mac })}>All events of this phone</a>
        </p>
      </section>
      <section aria-labelledby="files-title">
        <h2 id="files-title">Files that the phone sees now</h2>
        {trace === null ? (
          <p>Reading.</p>
        ) : (
          <PhoneFiles api={store.api} mac={mac} files={trace.files} />
        )}
      </section>
    </div>
  )
}

function downloadsOf(mac: string): readonly Download[] {
  const path = `/v1/phones/${mac}`
  return [
    {
      text: 'Download capture',
      path: `${path}/capture.pcapng`,
      name: `${mac}.pcapng`,
    },
    { text: 'Download boot log', path: `${path}/boot-log`, name: `${mac}-boot-log.txt` },
  ]
}

/** What can be done with a phone that is enrolled. */
function Actions({ store, state, phone }: Omit<Props, 'mac'> & { readonly phone: Phone }) {
  const { mac } = phone
  const timeline = state.trace?.mac === mac ? state.trace.timeline : []
  return (
    <>
      {isUnderWay(state.conversions.get(mac)) ? null : (
        <section aria-labelledby="start-title">
          <h2 id="start-title">Convert</h2>
          <ConversionForm store={store} phone={phone} firmware={state.firmware ?? []} />
        </section>
      )}
      <RestartPart store={store} mac={mac} timeline={timeline} />
    </>
  )
}

function isUnderWay(conversion: Conversion | undefined): boolean {
  return conversion !== undefined && !['confirmed', 'cancelled'].includes(conversion.state)
}

function PhoneFacts({ phone }: { readonly phone: Phone }) {
  const { label, model, network, profile, address, switchPort } = phone
  const facts = [
    ['Label', label],
    ['Model', model],
    ['Network', network],
    ['Profile', profile],
    ['Fixed address', address],
    ['Switch port', switchPort],
    ['Seen to run', describeSeen(phone)],
    ['Lines', phone.lines.length === 0 ? null : phone.lines.map(({ name }) => name).join(', ')],
  ] as const
  return <Facts facts={facts} />
}

function ConversionPart(props: { readonly store: PageStore; readonly conversion: Conversion }) {
  const { store, conversion } = props
  const { mac, from, to, state, step, steps, restart, atThePhone, warnings } = conversion
  const [problem, setProblem] = useState<Problem | null>(null)
  const cancel = async () => {
    try {
      const ended = await store.api.delete<Conversion>(`/v1/phones/${mac}/conversion`)
      store.take({ kind: 'conversion', conversion: ended })
      store.markStale('trace')
      setProblem(null)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  return (
    <section aria-labelledby="conversion-title">
      <h2 id="conversion-title">Conversion to {to}</h2>
      <p>
        <span class={`mark ${state}`}>{describeStage(conversion)}</span>
      </p>
      {atThePhone.length === 0 ? null : (
        <div class="note todo">
          <h3>At the phone</h3>
          <ul>
            {atThePhone.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <Warnings warnings={warnings} />
      <PlanSteps
        from={from}
        steps={steps}
        current={isUnderWay(conversion) ? step : null}
        restart={restart}
      />
      {isUnderWay(conversion) ? <p class="hint">{RESTART_MODES[restart]}</p> : null}
      <EvidenceList conversion={conversion} />
      {isUnderWay(conversion) ? (
        <p class="actions">
          <button type="button" onClick={() => void cancel()}>
            Cancel the conversion
          </button>
        </p>
      ) : null}
      <ProblemNote problem={problem} />
    </section>
  )
}
