import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** Once a boot is usual; a phone that has nothing else to ask repeats it every few seconds. */
const REQUESTS = 4

/** A phone from before XML asks for SEPDefault.cnf for ever. */
export function oldDefaultLoop({ target, reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.asked.at(-1) !== 'sep-default') return null
  if (reading.inARow < REQUESTS) return null
  return {
    code: 'old-default-loop',
    seen: `The phone asked for SEPDefault.cnf ${reading.inARow} times in a row and for no image of ${target.load}.`,
    cause:
      'It runs a very old SCCP load that knows no XML: OS79XX.TXT is all that can change it, and ' +
      'only to the other protocol.',
    remedy:
      'Cancel this conversion, convert the phone to SIP 2.3 (P0S30203), which goes by OS79XX.TXT, ' +
      'and go on from there.',
    source: 'field report: "Cisco 7940 7960 Single Step Upgrade"',
  }
}
