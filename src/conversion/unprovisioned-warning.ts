import type { Phone, Profile } from '../inventory/phone.ts'
import { parseFirmwareName } from '../phones/firmware-name.ts'

/**
 * What an operator should know before a phone is taken to a load, and after: a SIP phone whose files
 * give it no line, or no proxy to register with, runs its load and shows "Phone Unprovisioned".
 *
 * @param profile - That of the phone; null where it has none.
 * @returns A sentence, or null where the phone will have what it needs, or will not run SIP.
 * @see Cisco document 5455, section "IP Phones go to Unprovisioned State"
 */
export function unprovisionedWarning(
  to: string,
  phone: Pick<Phone, 'lines' | 'settings'>,
  profile: Pick<Profile, 'protocol' | 'sip'> | null,
): string | null {
  const parsed = parseFirmwareName(to)
  if (parsed.kind === 'bad' || parsed.name.protocol !== 'sip') return null
  const shared = profile?.protocol === 'sip' ? profile.sip : {}
  const settings = { ...shared, ...phone.settings }
  const hasLine = phone.lines.length > 0 || isSet(settings['line1_name'])
  const missing = [
    ...(hasLine ? [] : ['no line']),
    ...(isSet(settings['proxy1_address']) ? [] : ['no proxy']),
  ]
  if (missing.length === 0) return null
  const remedies = [
    ...(hasLine ? [] : ['lines (PATCH /v1/phones/{mac})']),
    ...(isSet(settings['proxy1_address']) ? [] : ['a profile with proxy1_address']),
  ]
  return (
    `The phone has ${missing.join(' and ')}: it will run ${to} and show "Phone Unprovisioned". ` +
    `Give it ${remedies.join(' and ')}.`
  )
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'UNPROVISIONED'
}
