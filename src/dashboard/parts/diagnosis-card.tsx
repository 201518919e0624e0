import type { Diagnosis } from '../data/types.ts'

/** Why a phone stopped. What to do comes first: that is why the operator looks. */
export function DiagnosisCard({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { code, seen, cause, remedy, source } = diagnosis
  return (
    <section class="card diagnosis" aria-labelledby="diagnosis-title">
      <h2 id="diagnosis-title">The conversion has stalled: what to do</h2>
      <p class="remedy">{remedy}</p>
      <dl>
        <dt>Likely cause</dt>
        <dd>{cause}</dd>
        <dt>Seen</dt>
        <dd>{seen}</dd>
      </dl>
      <p class="hint">
        Diagnosis <code>{code}</code> · {source}
      </p>
    </section>
  )
}
