import type { Conversion } from '../data/types.ts'
import { evidenceWords } from '../words/evidence-words.ts'
import { formatMoment } from '../words/format.ts'

/** What the phone did that proves its load; nothing while it has proved none. */
export function EvidenceList({ conversion }: { readonly conversion: Conversion }) {
  const { evidence } = conversion
  if (evidence.length === 0) return null
  return (
    <>
      <h3>Evidence</h3>
      <ul>
        {evidence.map(({ at, kind, detail }) => (
          <li key={at}>
            <time dateTime={at}>{formatMoment(at)}</time> {detail}{' '}
            <span class="quiet">({evidenceWords(kind)})</span>
          </li>
        ))}
      </ul>
    </>
  )
}
