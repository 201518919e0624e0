import type { TimelineEntry } from '../data/types.ts'
import { formatClock } from '../words/format.ts'

/** What a phone did, oldest first. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  if (entries.length === 0) return <p class="hint">No event of this phone yet.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keyboard
    <section class="scroll" aria-label="Timeline of the phone" tabIndex={0}>
      <ol class="timeline">
        {entries.map(({ at, source, text }, index) => (
          <li key={`${at} ${index}`}>
            <time dateTime={at}>{formatClock(at)}</time>{' '}
            <span class={`source ${source}`}>{source}</span> <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
