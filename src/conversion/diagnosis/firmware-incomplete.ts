import type { Diagnosis } from '../conversion.ts'
import { isImageOf } from '../target.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone asks for an image of this very step that is not there. */
export function firmwareIncomplete({ step, target, reading }: StepTrace): Diagnosis | null {
  if (step.stage === 'flashing' || reading === null) return null
  const file = reading.absent.find(
    (name) => isImageOf(target, name) || name.toUpperCase() === `${target.load}.LOADS`,
  )
  if (file === undefined) return null
  return {
    code: 'firmware-incomplete',
    seen: `The phone asked for ${file}, an image of ${target.load} that is not at hand.`,
    cause:
      'A load before 5.0 takes the unsigned .bin and a later one the signed .sbn, and the set has ' +
      'not got the one that this phone wants; or the firmware was deleted under way. On the ' +
      'display: "Protocol Application Invalid", or the phone goes on with what it has.',
    remedy:
      'Take the whole firmware archive in again (POST /v1/firmware, switchhook firmware add). If it is ' +
      'complete, read the load at the phone and start again with it as "from".',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error"',
  }
}
