import type { BootReading } from '../boot-reading.ts'
import type { ConversionStep } from '../conversion.ts'
import type { Target } from '../target.ts'

/** All that a diagnosis may look at: one step of one phone, as its traffic has shown it. */
export type StepTrace = {
  readonly step: ConversionStep
  readonly target: Target
  readonly reading: BootReading | null
  /** When the phone did anything last; null if never since the conversion began. */
  readonly lastSignAtMs: number | null
  /** Boots in a row in which the last image of the target arrived whole. */
  readonly flashedBoots: number
  /** Transfers of the target's images in a row that broke off. */
  readonly brokenTransfers: number
  readonly nowMs: number
  /** The load that the phone is thought to run; null or left out where nobody knows. */
  readonly running?: string | null
}
