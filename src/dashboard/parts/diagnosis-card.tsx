import type { Diagnosis } from '../data/types.ts'

/** Why a phone stopped, and what to do. */
export function DiagnosisCard({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { code, seen, cause, remedy, source } = diagnosis
  return (
    <section class="note bad" aria-labelledby="diagnosis-title">
      <h2 id="diagnosis-title">
        Diagnosis: <code>{code}</code>
      </h2>
      <dl>
        <dt>Seen</dt>
        <dd>{seen}</dd>
        <dt>Likely cause</dt>
        <dd>{cause}</dd>
        <dt>What to do</dt>
        <dd>{remedy}</dd>
        <dt>Source</dt>
        <dd>{source}</dd>
      </dl>
    </section>
  )
}
