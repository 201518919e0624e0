import { ask, type BootingPhone, type BootSequence } from './boot-step.ts'
import { fetchImage } from './fetch-image.ts'
import { loadOfOtherProtocol } from './pre-ual-sccp.ts'
import { finishSip, readSipConfiguration, runningSip } from './sip-configuration.ts'

/**
 * SIP up to 6.x: `OS79XX.TXT`, `SIPDefault.cnf`, `SIP<MAC>.cnf`, then ring list and dial plan.
 *
 * `image_version` in a configuration file overrides what `OS79XX.TXT` says, so the phone decides when
 * it has read all three.
 *
 * @see Cisco document 5455; Cisco SIP administrator guide, "initialization process"
 */
export function* bootPreUalSip(phone: BootingPhone): BootSequence {
  const load = phone.flash.load ?? ''
  const other = loadOfOtherProtocol(phone, yield* ask(phone, 'OS79XX.TXT'))
  const sip = yield* readSipConfiguration(phone)
  const wanted = sip.load ?? other
  if (wanted !== null && wanted !== load) {
    const fetched = yield* fetchImage(phone, wanted)
    if (fetched.kind === 'written') return { kind: 'restart', cause: 'flash', wantedLoad: null }
  }
  yield* finishSip(phone, sip)
  return runningSip(load, sip, null)
}
