import type { Diagnosis } from '../conversion.ts'
import { isImageOf } from '../target.ts'
import type { StepTrace } from './step-trace.ts'

/** One repeat may be a power cut in the wrong second; two whole transfers for nothing are not. */
const WHOLE_TRANSFERS = 2

/** The image arrives whole, boot after boot, and the phone never runs it. */
export function imageRefused({ target, reading, flashedBoots }: StepTrace): Diagnosis | null {
  // A loader of two parts counts as well: it is not the last image, and may be the one refused.
  const inThisBoot = (reading?.images ?? [])
    .filter(({ file }) => isImageOf(target, file))
    .map(({ completed }) => completed)
  const times = Math.max(flashedBoots, ...inThisBoot)
  if (times < WHOLE_TRANSFERS) return null
  return {
    code: 'image-refused',
    seen: `The phone fetched an image of ${target.load} whole ${times} times and does not run it.`,
    cause:
      'The phone rejects the image: its signature check failed ("Image Authentication Failed"), or ' +
      'it runs a load that cannot go to this one directly ("Load ID Incorrect", or "Upgrading ' +
      'Software" again and again).',
    remedy:
      'Take the firmware archive in again from its original ZIP file. If that changes nothing, ' +
      'read the load at the phone and start again with it as "from".',
    source: 'Cisco document 5455, section "Image Authentication Failed Error"',
  }
}
