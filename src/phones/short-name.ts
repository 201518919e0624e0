import type { FirmwareName } from './firmware-name.ts'

/**
 * The name of eight characters under which SIP 2.1 and earlier can fetch an SCCP load: `P0030303`
 * for `P00303030300`. Null for loads that need none, or that such a phone cannot take at all.
 *
 * @see Cisco document 5455, section "SIP Phone not Accepting SCCP Load"
 */
export function shortNameOf(name: FirmwareName): string | null {
  if (name.protocol !== 'sccp' || name.signed || name.eightThree) return null
  return `P003${twoDigits(name.major)}${twoDigits(name.minor)}`
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0')
}
