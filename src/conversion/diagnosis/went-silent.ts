import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** A phone asks again after four seconds, four times, and then does something else. */
const PATIENCE_MS = 90_000

/** The phone fell silent in the middle of its boot, with a file on its way. */
export function wentSilent({ step, reading, lastSignAtMs, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' && step.stage !== 'rebooting') return null
  if (reading === null || reading.lastRequestAtMs === null) return null
  // A phone that goes its own way goes on asking; one that asks for its first file alone is gone.
  if (reading.unheardInARow === 0 && reading.asked.length > 1) return null
  if (nowMs - Math.max(reading.lastRequestAtMs, lastSignAtMs ?? 0) < PATIENCE_MS) return null
  const file = reading.files.at(-1)?.file ?? reading.images.at(-1)?.file ?? 'its first file'
  return {
    code: 'went-silent',
    seen: `The phone asked for ${file}, and has been silent since.`,
    cause: 'It lost power or its link in mid-boot, or replies do not reach it any more.',
    remedy:
      'Check cable and power, and power-cycle the phone. If it stops at its first file each time, ' +
      'open the UDP ports of tftp.transferPorts in the firewall.',
    source: 'Cisco document 5455, section "Troubleshooting Tips"',
  }
}
