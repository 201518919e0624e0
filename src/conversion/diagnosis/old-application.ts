import type { Diagnosis } from '../conversion.ts'
import { SILENCE_MS } from '../evidence.ts'
import type { StepTrace } from './step-trace.ts'

/** An application started too early behind the image to be the new one, and runs on. */
export function oldApplication({ target, suspectedSinceMs, nowMs }: StepTrace): Diagnosis | null {
  if (suspectedSinceMs == null || nowMs - suspectedSinceMs < SILENCE_MS) return null
  return {
    code: 'old-application',
    seen:
      `The image of ${target.load} arrived whole, and an application started sooner behind it ` +
      'than a phone takes that writes its flash.',
    cause:
      'The phone refused the image, most likely, and runs its old application: both ask for the same ' +
      'files, so that the files alone do not tell. How fast phones are is known from traces of ' +
      'SIP 8.12; for SCCP it is inferred.',
    remedy:
      'Look what the phone runs: at the phone (Settings, Status, Firmware Versions), on its web page, ' +
      'or by its registration. Then cancel this conversion and start it again with that load as ' +
      '"from": if it is the target, the next start of the phone confirms it.',
    source: 'field traces of eight conversions (github.com/julianhead/CiscoPhones, tftplog)',
  }
}
