import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** Programming the flash and starting again takes a minute or two; some switches add two for CDP. */
const PATIENCE_MS = 600_000

/** The image arrived, and the phone has not been heard of since. */
export function noReboot({ step, target, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'flashing' || nowMs - step.stageSinceMs < PATIENCE_MS) return null
  return {
    code: 'no-reboot',
    seen: `The image of ${target.load} arrived whole; for ten minutes the phone has not started again.`,
    cause: 'The phone lost power or its link while it programmed its flash, or was moved.',
    remedy:
      'Plug it in again on this network and leave it alone for five minutes. If the display stays ' +
      'dark, hold # while it gets power and press 1 2 3 4 5 6 7 8 9 * 0 # for a factory reset.',
    source: 'Cisco document 5455, section "Troubleshooting Tips"; Cisco factory reset procedure',
  }
}
