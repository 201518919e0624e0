import type { Diagnosis } from '../conversion.ts'
import { addressDeclined } from './address-declined.ts'
import { bootLoop } from './boot-loop.ts'
import { bufferFull } from './buffer-full.ts'
import { configurationCut } from './configuration-cut.ts'
import { configurationUnusable } from './configuration-unusable.ts'
import { ctlsepLoop } from './ctlsep-loop.ts'
import { dhcpWithoutTftp } from './dhcp-without-tftp.ts'
import { firmwareIncomplete } from './firmware-incomplete.ts'
import { imageAbsent } from './image-absent.ts'
import { imageRefused } from './image-refused.ts'
import { loaderGaveUp } from './loader-gave-up.ts'
import { mgcpPhone } from './mgcp-phone.ts'
import { misspeltImage } from './misspelt-image.ts'
import { nameTooLong } from './name-too-long.ts'
import { noAddress } from './no-address.ts'
import { noLoadNamed } from './no-load-named.ts'
import { noReboot } from './no-reboot.ts'
import { notConfirmed } from './not-confirmed.ts'
import { offerNotTaken } from './offer-not-taken.ts'
import { oldApplication } from './old-application.ts'
import { oldDefaultLoop } from './old-default-loop.ts'
import { otherGeneration } from './other-generation.ts'
import { otherModel } from './other-model.ts'
import { otherProtocol } from './other-protocol.ts'
import { refusesNewerSip } from './refuses-newer-sip.ts'
import { repliesUnheard } from './replies-unheard.ts'
import type { StepTrace } from './step-trace.ts'
import { transferBroken } from './transfer-broken.ts'
import { transferSilent } from './transfer-silent.ts'
import { triggerIgnored } from './trigger-ignored.ts'
import { unprovisioned } from './unprovisioned.ts'
import { wentSilent } from './went-silent.ts'

/** In the order in which they are asked: what explains most comes first. */
export const DIAGNOSES: readonly ((trace: StepTrace) => Diagnosis | null)[] = [
  refusesNewerSip,
  imageRefused,
  oldApplication,
  repliesUnheard,
  transferBroken,
  otherModel,
  mgcpPhone,
  misspeltImage,
  otherGeneration,
  firmwareIncomplete,
  imageAbsent,
  loaderGaveUp,
  bufferFull,
  configurationCut,
  noAddress,
  addressDeclined,
  offerNotTaken,
  dhcpWithoutTftp,
  ctlsepLoop,
  oldDefaultLoop,
  noLoadNamed,
  unprovisioned,
  transferSilent,
  wentSilent,
  configurationUnusable,
  nameTooLong,
  otherProtocol,
  triggerIgnored,
  noReboot,
  notConfirmed,
  bootLoop,
]

/** The first diagnosis that the trace proves; null for a healthy or a merely slow phone. */
export function diagnose(trace: StepTrace): Diagnosis | null {
  for (const diagnosis of DIAGNOSES) {
    const found = diagnosis(trace)
    if (found !== null) return found
  }
  return null
}

/** What one start shows by itself, however short it was. */
const OF_ONE_START: typeof DIAGNOSES = [
  dhcpWithoutTftp,
  configurationUnusable,
  nameTooLong,
  otherGeneration,
  otherProtocol,
  triggerIgnored,
]

/** Longer than any patience: the start is over, and nothing more will come of it. */
const PAST_PATIENCE_MS = 600_000

/**
 * The diagnosis of a start that has ended by the next one, so that a phone which starts again before
 * anybody's patience is over is not left without one.
 */
export function diagnoseEndedStart(trace: StepTrace): Diagnosis | null {
  const atEnd = { ...trace, nowMs: trace.nowMs + PAST_PATIENCE_MS }
  for (const diagnosis of OF_ONE_START) {
    const found = diagnosis(atEnd)
    if (found !== null) return found
  }
  return null
}

/** What settles a case, most telling first: such a diagnosis takes the place of any other. */
const ORDER: readonly string[] = [
  'refuses-newer-sip',
  'image-refused',
  'old-application',
  'other-generation',
]

/** Whether a diagnosis explains more than the one that a phone has stalled with. */
export function explainsMore(found: Diagnosis, known: Diagnosis): boolean {
  const rank = (code: string) => (ORDER.includes(code) ? ORDER.indexOf(code) : ORDER.length)
  return rank(found.code) < rank(known.code)
}
