import type { Diagnosis } from '../conversion.ts'
import { timesWhole } from '../step-facts.ts'
import type { StepTrace } from './step-trace.ts'

/** A file of the target arrives whole, start after start, and the phone never goes on. */
export function imageRefused({ step, target }: StepTrace): Diagnosis | null {
  const { refused } = step.facts
  if (refused === null) return null
  const times = timesWhole(step.facts, refused)
  const seen =
    times > 1
      ? `The phone fetched ${refused} whole ${times} times, asks for it again, and does not run ${target.load}.`
      : `The phone fetched ${refused} whole, started its old application, and asks for the file again.`
  return {
    code: 'image-refused',
    seen,
    cause:
      'The phone rejects the image: its signature check failed ("Image Authentication Failed"), or ' +
      'it runs a load that cannot go to this one directly ("Load ID Incorrect", or "Upgrading ' +
      'Software" again and again).',
    remedy:
      'Import the firmware archive again from its original ZIP file. If that changes nothing, ' +
      'read the load at the phone and start again with it as "from".',
    source: 'Cisco document 5455, section "Image Authentication Failed Error"',
  }
}
