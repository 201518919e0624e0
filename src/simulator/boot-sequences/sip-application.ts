import { type BootEnd, type BootingPhone, type BootSequence, show, waitOut } from './boot-step.ts'
import {
  finishSip,
  readOwnFile,
  readSipConfiguration,
  runningSip,
  type SipConfiguration,
} from './sip-configuration.ts'

/**
 * SIP 7.0 and later, started by the universal loader: default file, own file, then ring list and dial plan.
 *
 * A missing own file it asks for again every 31 s, for ever, and for nothing else until it is there (traces jh-…,
 * eight phones of eight); that it then goes on without power is inferred.
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
  yield { kind: 'begin', software: 'sip' }
  if (phone.quirks.applicationAsksDhcp) yield { kind: 'address' }
  let sip = yield* readSipConfiguration(phone)
  const back = () => backToLoader(sip, load, failedLoad)
  if (!sip.hasOwnFile && phone.quirks.pollsOwnFile && back() === null) {
    yield* show('Phone Unprovisioned')
    yield { kind: 'running', end: runningSip(load, sip, failedLoad) }
    sip = yield* pollForOwnFile(phone, sip)
  }
  const end = back()
  if (end !== null) return end
  if (sip.load !== null && sip.load !== load) {
    yield* show(`W710 Loader failed upgrade to ${failedLoad}, ignoring reset`)
  }
  yield* waitOut(phone, phone.timing.ringListMs)
  yield* finishSip(phone, sip)
  return runningSip(load, sip, failedLoad)
}

function backToLoader(
  sip: SipConfiguration,
  load: string,
  failedLoad: string | null,
): BootEnd | null {
  if (sip.load === null || sip.load === load || sip.load === failedLoad) return null
  return { kind: 'restart', cause: 'retry', wantedLoad: sip.load }
}

function* pollForOwnFile(
  phone: BootingPhone,
  sip: SipConfiguration,
): BootSequence<SipConfiguration> {
  for (;;) {
    yield { kind: 'pause', pauseMs: phone.timing.pollMs }
    const read = yield* readOwnFile(phone, sip.parameters)
    if (read.hasOwnFile) return read
  }
}
