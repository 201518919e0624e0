import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** An image request follows the file that names it within seconds; a minute and a half is past hope. */
const PATIENCE_MS = 90_000

/** The phone read the files that name the step's load and asked for none of its images. */
export function triggerIgnored({ step, target, reading, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' || reading === null || reading.lastRequestAtMs === null) return null
  if (reading.images.length > 0 || nowMs - reading.startedAtMs < PATIENCE_MS) return null
  return {
    code: 'trigger-ignored',
    seen: `The phone asked for ${reading.asked.length} kinds of files and for no image of ${target.load}.`,
    cause:
      'It runs another load than this conversion started from, so that the file which should ' +
      'start the step means nothing to it: an OS79XX.TXT whose first four characters equal those ' +
      'of the running load is skipped.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion ' +
      'and start it again with that load as "from".',
    source: 'Cisco document 5455, section "Bootup Process for a Cisco 7940/7960 SIP IP Phone"',
  }
}
