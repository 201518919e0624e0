import type { BootState } from '../boot-state.ts'
import type { ConversionStep } from '../conversion.ts'
import type { PhoneTime } from '../phone-time.ts'
import type { Target } from '../target.ts'

/** All that a diagnosis may look at: one step of one phone, as its traffic has shown it. */
export type StepTrace = {
  readonly step: ConversionStep
  readonly target: Target
  readonly boot: BootState | null
  /** When the phone did anything last; null if never since the conversion began. */
  readonly lastEventAtMs: number | null
  /** Since when an application runs that can be the one from before the last image; null: none. */
  readonly suspectedSinceMs?: number | null
  /** Transfers of the target's images in a row that broke off. */
  readonly brokenTransfers: number
  readonly nowMs: number
  /** The load that the phone is thought to run; null or left out if unknown. */
  readonly running?: string | null
}

/** The trace with every time multiplied, so that windows of phone time hold for a faster phone. */
export function inPhoneTime(trace: StepTrace, { speed }: PhoneTime): StepTrace {
  if (speed === 1) return trace
  const { step, boot, lastEventAtMs, suspectedSinceMs, nowMs } = trace
  const scaled = (atMs: number | null) => (atMs === null ? null : atMs * speed)
  return {
    ...trace,
    nowMs: nowMs * speed,
    step: { ...step, stageSinceMs: step.stageSinceMs * speed },
    lastEventAtMs: scaled(lastEventAtMs),
    suspectedSinceMs: scaled(suspectedSinceMs ?? null),
    boot:
      boot === null
        ? null
        : {
            ...boot,
            startedAtMs: boot.startedAtMs * speed,
            firstRequestAtMs: scaled(boot.firstRequestAtMs),
            lastRequestAtMs: scaled(boot.lastRequestAtMs),
          },
  }
}
