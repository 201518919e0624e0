import type { Phone, Registration } from '../data/types.ts'
import { formatDay } from './format.ts'

type Fact = readonly [name: string, value: string | null]

/** A registration as names and values; null is what the phone did not tell. */
export function registrationFacts(registration: Registration): readonly Fact[] {
  const { protocol, version, load, userAgent, address, registeredAt, expiresAt } = registration
  return [
    ['Protocol', protocol.toUpperCase()],
    ['Version', version],
    ['Load', load],
    ['User agent', userAgent],
    ['Address', address],
    ['Registered since', formatDay(registeredAt)],
    ['Valid until', formatDay(expiresAt)],
    ['Last reset', lastResetOf(registration)],
  ]
}

/** Why the phone started last: the text of its Alarm and the number before it. */
function lastResetOf({ lastReset, lastResetCode }: Registration): string | null {
  if (lastReset === null || lastResetCode === null) return lastReset ?? codeWords(lastResetCode)
  return `${lastReset} (${lastResetCode})`
}

function codeWords(code: number | null): string | null {
  return code === null ? null : `reason ${code}`
}

/** How it became known, for people; the names are those of the API. */
const SEEN_BY_WORDS: ReadonlyMap<string, string> = new Map([
  ['lease', 'its lease'],
  ['vendor-class', 'its DHCP vendor class'],
  ['requested-files', 'the files that it requested'],
  ['registration', 'its registration'],
  ['web-page', 'its web page'],
  ['options', 'its answer to OPTIONS'],
])

/** How something became known, for people. */
export function seenByWords(by: string): string {
  return SEEN_BY_WORDS.get(by) ?? by
}

/** What was seen of a phone; a report names the protocol as it was recorded. */
type Seen =
  | (Omit<NonNullable<Phone['seen']>, 'protocol'> & { readonly protocol: string | null })
  | null

/** What a phone was seen to run, as far as it told; null where it told nothing of that. */
export function describeSeen({ seen }: { readonly seen: Seen }): string | null {
  if (seen === null) return null
  const { load, protocol, at, by } = seen
  const what = load ?? (protocol === null ? null : `a load of ${protocol.toUpperCase()}`)
  return what === null ? null : `${what}, by ${seenByWords(by)}, ${formatDay(at)}`
}
