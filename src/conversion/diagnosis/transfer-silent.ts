import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** A phone asks again 8 to 10 s after a failed image, three times; a minute is past that. */
const PATIENCE_MS = 60_000

/** The image was on its way, and then nothing more came from the phone. */
export function transferSilent({ step, target, lastSignAtMs, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'fetching') return null
  if (nowMs - Math.max(step.stageSinceMs, lastSignAtMs ?? 0) < PATIENCE_MS) return null
  const got =
    step.progress === null ? '' : ` after ${step.progress.bytes} of ${step.progress.of} bytes`
  return {
    code: 'transfer-silent',
    seen: `The phone stopped fetching the image of ${target.load}${got}.`,
    cause: 'It lost power or its link, or a firewall drops packets to the transfer port.',
    remedy:
      'Check cable and power; the phone asks again when it starts. If it always stops at the same ' +
      'place, open the UDP ports of tftp.transferPorts in the firewall.',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error" (TFTP errors)',
  }
}
