import { readSync } from '../named-load.ts'
import { ask, type BootingPhone, type BootSequence, type Running, show } from './boot-step.ts'

/** The end of a boot into a SIP load that has read its configuration. */
export type RunningSip = Running & { readonly sip: NonNullable<Running['sip']> }

/**
 * What a SIP load does when its server sends NOTIFY with `check-sync`: it waits until it was idle for a while, looks
 * at `syncinfo.xml`, and begins again where that has another value than `sync` of its configuration.
 *
 * @see Cisco SIP IP phone administrator guide 8.0, "syncinfo.xml"
 */
export function* checkSync(phone: BootingPhone, running: RunningSip): BootSequence {
  const { sync, dialPlan } = running.sip
  yield { kind: 'pause', pauseMs: phone.timing.checkSyncMs }
  const reply = yield* ask(phone, 'syncinfo.xml')
  yield* ask(phone, `${dialPlan}.xml`)
  if (reply.kind !== 'file') {
    yield* show('W270 TFTP Error')
    return running
  }
  const wanted = readSync(reply.bytes, running.load)
  if (wanted === null || wanted === sync) return running
  return { kind: 'restart', cause: 'check-sync', wantedLoad: null }
}
