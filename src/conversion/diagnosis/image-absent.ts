import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone asks for an image that this step does not serve. */
export function imageAbsent({ step, target, reading }: StepTrace): Diagnosis | null {
  if (step.stage === 'flashing' || reading === null) return null
  const image = reading.absent.find((name) => /\.(?:bin|sbn|sb2|loads)\s*$/i.test(name))
  if (image === undefined) return null
  return {
    code: 'image-absent',
    seen: `The phone asked for ${image}, which does not belong to ${target.load}.`,
    cause:
      'It was told that name elsewhere: by another TFTP server, by a call manager, or by settings ' +
      'that it kept in its flash; or its own load wants the image under another extension than ' +
      'the load named as "from" would.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions). If it differs from the ' +
      '"from" of this conversion, cancel and start again with it.',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error"',
  }
}
