import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The log in Cisco document 5455 shows three attempts, 8 to 10 s apart, before the phone gives up. */
const ATTEMPTS = 3

/** The phone begins to fetch the image and breaks off, again and again. */
export function transferBroken({ target, brokenTransfers }: StepTrace): Diagnosis | null {
  if (brokenTransfers < ATTEMPTS) return null
  return {
    code: 'transfer-broken',
    seen: `The transfer of the image of ${target.load} broke off ${brokenTransfers} times in a row.`,
    cause:
      'A particularly old load refuses an image of 3.x or 4.x while it arrives; or packets are lost ' +
      'between the phone and this server.',
    remedy:
      'If the phone runs an old SCCP load, convert it to SIP 2.3 (P0S30203) first and go on from ' +
      'there. Otherwise look for a duplex mismatch or a firewall on the way.',
    source: 'Cisco document 5455, section "Enable SIP Functionality", step 4, note',
  }
}
