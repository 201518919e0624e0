import { useState } from 'preact/hooks'
import type { TimelineEntry } from '../data/types.ts'
import { byDay } from '../words/days.ts'
import { formatClock } from '../words/format.ts'

/** So many entries are drawn at first, and with each press more: a phone may have thousands. */
const SHOWN_ENTRIES = 200

/** What a phone did, the newest first: what happens now is read without scrolling. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const [limit, setLimit] = useState(SHOWN_ENTRIES)
  if (entries.length === 0) return <p class="hint">No event of this phone yet.</p>
  const shown = entries.slice(-limit).map((entry, index) => ({ ...entry, index }))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keyboard
    <section class="scroll" aria-label="Timeline of the phone" tabIndex={0}>
      {byDay(shown.toReversed()).map(({ day, of }) => (
        <section key={day} aria-label={day}>
          <h3 class="day">{day}</h3>
          <ol class="timeline">
            {of.map((entry) => (
              <Entry key={`${entry.at} ${entry.index}`} {...entry} />
            ))}
          </ol>
        </section>
      ))}
      {entries.length <= limit ? null : (
        <p class="actions more">
          <button type="button" onClick={() => setLimit(limit + SHOWN_ENTRIES)}>
            Show older events
          </button>
        </p>
      )}
    </section>
  )
}

function Entry({ at, source, text, appliance }: TimelineEntry) {
  return (
    <li>
      <time dateTime={at}>{formatClock(at)}</time>{' '}
      <span class={`source ${source}`}>{SOURCES[source]}</span> <span>{text}</span>
      {appliance === undefined ? null : <span class="quiet"> on {appliance}</span>}
    </li>
  )
}

const SOURCES = {
  dhcp: 'DHCP',
  tftp: 'TFTP',
  conversion: 'conversion',
  operator: 'operator',
} as const satisfies Record<TimelineEntry['source'], string>
