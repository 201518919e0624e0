import { type Conversion, waitingStep } from '../../../conversion/conversion.ts'
import type { Target } from '../../../conversion/target.ts'
import type { Mac } from '../../../net/mac.ts'

/** The conversion that a phone is on by what it asks for: one step, whose start is unknown. */
export function observedConversion(
  mac: Mac | null,
  { load, ual }: Target,
  startedAtMs: number,
): Conversion {
  return {
    mac: mac ?? NOBODY,
    from: null,
    to: load,
    path: 'direct',
    acceptOneWay: true,
    restart: 'manual',
    state: 'waiting',
    step: 0,
    steps: [
      waitingStep(
        {
          load,
          method: ual ? 'ual' : 'image_version',
          oneWay: false,
          why: 'The phone asks for it.',
          source: 'the log or capture',
        },
        startedAtMs,
      ),
    ],
    refused: [],
    diagnosis: null,
    evidence: [],
    confirmedBy: null,
    startedAtMs,
    updatedAtMs: startedAtMs,
    revision: 1,
  }
}

/** Only ever in effects, which the observer drops. */
const NOBODY = '000000000000' as Mac
