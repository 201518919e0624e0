import type { Diagnosis } from '../conversion.ts'
import {
  addressDeclined,
  dhcpWithoutTftp,
  noAddress,
  offerNotTaken,
  repliesUnheard,
} from './address.ts'
import {
  bufferFull,
  configurationCut,
  configurationUnusable,
  ctlsepLoop,
  noLoadNamed,
  unprovisioned,
} from './configuration.ts'
import {
  firmwareIncomplete,
  imageAbsent,
  imageRefused,
  loaderGaveUp,
  misspeltImage,
  oldApplication,
  refusesNewerSip,
  transferBroken,
} from './images.ts'
import {
  mgcpPhone,
  nameTooLong,
  oldDefaultLoop,
  otherGeneration,
  otherModel,
  otherProtocol,
  triggerIgnored,
} from './other-phone.ts'
import { bootLoop, noReboot, notConfirmed, transferSilent, wentSilent } from './silence.ts'
import type { StepTrace } from './step-trace.ts'

/** In the order in which they are asked: what explains most comes first. */
export const DIAGNOSES: readonly ((trace: StepTrace) => Diagnosis | null)[] = [
  // An image arrived, or broke off: what the phone did with it settles the case.
  refusesNewerSip,
  imageRefused,
  oldApplication,
  repliesUnheard,
  transferBroken,
  // It is another phone, or requests an image that does not exist.
  otherModel,
  mgcpPhone,
  misspeltImage,
  otherGeneration,
  firmwareIncomplete,
  imageAbsent,
  loaderGaveUp,
  // A configuration file broke off.
  bufferFull,
  configurationCut,
  // It has no address, or asks for no file.
  noAddress,
  addressDeclined,
  offerNotTaken,
  dhcpWithoutTftp,
  // It asks for one file for ever, or is done with its files.
  ctlsepLoop,
  oldDefaultLoop,
  noLoadNamed,
  unprovisioned,
  // It is silent, or goes on without the image that its files name.
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
 * an operator's patience is over is not left without one.
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
