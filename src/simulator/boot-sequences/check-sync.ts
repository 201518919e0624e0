import { readSync } from '../named-load.ts'
import {
  ask,
  askAtOnce,
  type BootEnd,
  type BootingPhone,
  type BootSequence,
  MAX_BYTES,
  show,
} from './boot-step.ts'

/** A SIP load that runs: what it has read of its configuration, and how its boot ended. */
export type RunningSip = {
  readonly load: string
  readonly sip: { readonly sync: string; readonly dialPlan: string }
  readonly end: BootEnd
}

/**
 * What a SIP load does when its server sends NOTIFY with `check-sync`: it waits until it was idle for a while, looks
 * at `syncinfo.xml`, and begins anew where that has another value than `sync` of its configuration.
 *
 * @see Cisco SIP IP phone administrator guide 8.0, "syncinfo.xml"
 */
export function* checkSync(phone: BootingPhone, running: RunningSip): BootSequence {
  const { sync, dialPlan } = running.sip
  yield { kind: 'pause', pauseMs: phone.timing.checkSyncMs }
  const reply = yield* ask(phone, 'syncinfo.xml')
  yield* askAtOnce(phone, [{ name: `${dialPlan}.xml`, maxBytes: MAX_BYTES.configuration }])
  if (reply.kind !== 'file') {
    yield* show('W270 TFTP Error')
    return running.end
  }
  const wanted = readSync(reply.bytes, running.load)
  if (wanted === null || wanted === sync) return running.end
  return { kind: 'restart', cause: 'check-sync', wantedLoad: null }
}
