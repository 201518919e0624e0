import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** An image request follows the file that names it within seconds. */
const PATIENCE_MS = 90_000
const LONGEST_NAME = 8

/** A SIP phone reads the name of an SCCP load in OS79XX.TXT and does not ask for it. */
export function nameTooLong({ step, target, reading, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' || step.method !== 'os79xx' || reading === null) return null
  if (target.protocol !== 'sccp' || target.load.length <= LONGEST_NAME) return null
  if (!reading.asked.includes('sip-default') || reading.images.length > 0) return null
  if (nowMs - reading.startedAtMs < PATIENCE_MS) return null
  return {
    code: 'name-too-long',
    seen: `The phone runs SIP, read OS79XX.TXT, and asked for no image of ${target.load}.`,
    cause: 'SIP 2.1 and earlier take no load whose name has more than eight characters.',
    remedy:
      'Cancel this conversion and start it again with the load that the phone shows as "from" ' +
      '(Settings, Status, Firmware Versions): the image is then offered under a short name.',
    source: 'Cisco document 5455, section "SIP Phone not Accepting SCCP Load"',
  }
}
