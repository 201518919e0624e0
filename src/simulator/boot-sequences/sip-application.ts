import { type BootEnd, type BootingPhone, type BootSequence, show } from './boot-step.ts'
import { finishSip, readSipConfiguration, runningSip } from './sip-configuration.ts'

/**
 * SIP 7.0 and later, started by the universal loader: default file, own file, then ring list and dial plan.
 *
 * If `image_version` names another load than the one that runs, the phone goes back to its loader; if that
 * has failed before, it says so and stays (W710).
 *
 * @param failedLoad - The load that the loader could not bring, in this boot or before; null for none.
 */
export function* bootSipApplication(
  phone: BootingPhone,
  load: string,
  failedLoad: string | null,
): BootSequence<BootEnd> {
  const sip = yield* readSipConfiguration(phone)
  if (sip.load !== null && sip.load !== load) {
    if (sip.load !== failedLoad) return { kind: 'restart', cause: 'retry', wantedLoad: sip.load }
    yield* show(`W710 Loader failed upgrade to ${failedLoad}, ignoring reset`)
  }
  yield* finishSip(phone, sip)
  return runningSip(load, sip, failedLoad)
}
