import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** A boot with a loader takes under a minute, and two more where a switch knows no CDP. */
const PATIENCE_MS = 600_000

/** The image arrived, the phone started again, and it never showed that it runs the load. */
export function notConfirmed({ step, target, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'rebooting' || nowMs - step.stageSinceMs < PATIENCE_MS) return null
  return {
    code: 'not-confirmed',
    seen: `The phone fetched ${target.load} and started again; for ten minutes nothing showed that it runs it.`,
    cause:
      'It did not go on behind its loader, another server gave it files of its own, or the load ' +
      'asks for nothing that would tell.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions). If it is the target, ' +
      'power-cycle the phone once more here; otherwise start again with that load as "from".',
    source: 'Cisco document 5455, section "Troubleshooting Tips"',
  }
}
