import type { Diagnosis } from '../../../conversion/conversion.ts'
import type { Ask } from './asks.ts'

/** One that was broken off may be a cable; the log in Cisco document 5455 shows three, 8 to 10 s apart. */
const TIMES = 3

/**
 * A phone without a loader that asks for the image of a SIP load again and again, and never for anything
 * else, refuses it: what elsewhere may be a bad line is its doing.
 */
export function refusedImage(asks: readonly Ask[]): Diagnosis | null {
  const last = asks.at(-1)
  if (last?.file.kind !== 'image' || last.file.extension !== 'bin') return null
  if (!last.file.stem.startsWith('P0S3')) return null
  const other = asks.findLastIndex(({ name, answer }) => name !== last.name || answer === 'whole')
  const times = asks.length - 1 - other
  if (times < TIMES) return null
  return {
    code: 'image-refused',
    seen: `The phone began to fetch ${last.name} ${times} times, broke it off each time, and asked for nothing else: it refuses the image.`,
    cause:
      'A particularly old SCCP load refuses a SIP image of 3.x or later; a bad line would break off ' +
      'elsewhere each time. On the display: "Load ID Incorrect" or "Upgrading Software", again and again.',
    remedy:
      'Convert the phone to SIP 2.3 (P0S30203) first and go on from there. If that changes nothing, unzip ' +
      'the archive again and look for a duplex mismatch.',
    source: 'Cisco document 5455, section "Enable SIP Functionality", step 4, note',
  }
}
