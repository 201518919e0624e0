import { hrefOf } from '../data/route.ts'
import type { Attention } from '../data/types.ts'
import { newestByPhone } from '../words/device-words.ts'
import { formatDay, formatMac } from '../words/format.ts'

/** More would push what the page is about out of sight; the others are said once these are solved. */
const MOST_SHOWN = 5

/** What automatic enrolment could not do. */
export function AttentionNote({ attention }: { readonly attention: readonly Attention[] }) {
  const all = newestByPhone(attention)
  if (all.length === 0) return null
  const more = all.length - MOST_SHOWN
  return (
    <section class="note bad" aria-labelledby="attention-title">
      <h2 id="attention-title">Needs attention: automatic enrolment</h2>
      <ul>
        {all.slice(0, MOST_SHOWN).map(({ mac, network, at, message }) => (
          <li key={mac}>
            <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a> on {network},{' '}
            <time dateTime={at}>{formatDay(at)}</time>: {message}
          </li>
        ))}
      </ul>
      {more > 0 ? <p>And {more === 1 ? '1 more phone' : `${more} more phones`}.</p> : null}
    </section>
  )
}
