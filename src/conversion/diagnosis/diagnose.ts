import type { Diagnosis } from '../conversion.ts'
import { dhcpWithoutTftp } from './dhcp-without-tftp.ts'
import { imageAbsent } from './image-absent.ts'
import { imageRefused } from './image-refused.ts'
import { noReboot } from './no-reboot.ts'
import type { StepTrace } from './step-trace.ts'
import { transferBroken } from './transfer-broken.ts'
import { transferSilent } from './transfer-silent.ts'
import { triggerIgnored } from './trigger-ignored.ts'

/** In the order in which they are asked: what explains most comes first. */
const DIAGNOSES: readonly ((trace: StepTrace) => Diagnosis | null)[] = [
  imageRefused,
  transferBroken,
  imageAbsent,
  dhcpWithoutTftp,
  transferSilent,
  triggerIgnored,
  noReboot,
]

/** The first diagnosis that the trace proves; null for a healthy or a merely slow phone. */
export function diagnose(trace: StepTrace): Diagnosis | null {
  for (const diagnosis of DIAGNOSES) {
    const found = diagnosis(trace)
    if (found !== null) return found
  }
  return null
}
