import type { Diagnosis } from '../conversion.ts'
import { isImageOf } from '../target.ts'
import type { StepTrace } from './step-trace.ts'

const APPLICATION = ['sip-default', 'ringlist-dat', 'dialplan', 'ringlist-xml', 'locale'] as const

/** The loader could not bring the target, and the application that is in flash runs on. */
export function loaderGaveUp({ target, reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.generation !== 'ual' || reading.loads !== target.load) return null
  const loadsAt = reading.asked.indexOf('loads')
  const runsOn = APPLICATION.some((kind) => reading.asked.indexOf(kind) > loadsAt)
  const image = reading.images.find(({ file }) => isImageOf(target, file))
  const isBroken = image !== undefined && image.completed === 0 && image.failed > 0
  if (!runsOn || !isBroken) return null
  return {
    code: 'loader-gave-up',
    seen: `The loader did not get ${image.file}, and the application that the phone had runs on.`,
    cause:
      'The transfer of the image broke off. The phone does not try again by itself: on the display ' +
      `"W710 Loader failed upgrade to ${target.load}, ignoring reset".`,
    remedy:
      'Power-cycle the phone. If it happens again, look for a lossy link or a firewall, and take ' +
      'the firmware archive in again.',
    source:
      'Cisco SIP IP phone 8.x, message W710; Cisco document 5455, section "Protocol Application Invalid Error"',
  }
}
