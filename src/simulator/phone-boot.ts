import type { BootEnd, BootingPhone, BootSequence } from './boot-sequences/boot-step.ts'
import { bootPreUalSccp } from './boot-sequences/pre-ual-sccp.ts'
import { bootPreUalSip } from './boot-sequences/pre-ual-sip.ts'
import { bootSccpApplication } from './boot-sequences/sccp-application.ts'
import { bootSipApplication } from './boot-sequences/sip-application.ts'
import { bootLoader } from './boot-sequences/ual-loader.ts'
import { readLoadName } from './load-name.ts'

/** The boot of a phone that has an address: which files it asks for, in which order, and what then. */
export function bootSequence(phone: BootingPhone): BootSequence {
  switch (phone.flash.generation) {
    case 'pre-ual-sccp':
      return phone.hasTftpServer ? bootPreUalSccp(phone) : bootFromFlash(phone)
    case 'pre-ual-sip':
      return phone.hasTftpServer ? bootPreUalSip(phone) : bootFromFlash(phone)
    case 'ual':
      return bootUniversal(phone)
    default:
      return phone.flash.generation satisfies never
  }
}

/** Loader first; the application starts some time after the loader's last file, SCCP sooner than SIP. */
function* bootUniversal(phone: BootingPhone): BootSequence {
  const end = yield* bootLoader(phone)
  if (end.kind !== 'start') return end
  if (!phone.hasTftpServer) return runningFromFlash(end.load)
  const failedLoad = end.failedLoad ?? phone.failedLoad
  const { loaderToApplicationMs, loaderToSccpApplicationMs } = phone.timing
  if (protocolOf(end.load) === 'sip') {
    yield { kind: 'pause', pauseMs: loaderToApplicationMs }
    return yield* bootSipApplication(phone, end.load, failedLoad)
  }
  yield { kind: 'pause', pauseMs: loaderToSccpApplicationMs }
  return yield* bootSccpApplication(phone, end.load, failedLoad)
}

/**
 * A start that a call manager has asked for. An SCCP load with the universal loader stays in its application: CME logs
 * have it back within 13 to 18 s, which a pass through the loader does not leave room for (inferred). Others boot.
 */
export function sequenceAfterReset(phone: BootingPhone): BootSequence {
  const { flash, failedLoad, hasTftpServer, quirks } = phone
  const stays = flash.generation === 'ual' && hasTftpServer && !quirks.resetReachesLoader
  if (!stays || flash.load === null) return bootSequence(phone)
  return bootSccpApplication(phone, flash.load, failedLoad)
}

/** No server to ask: the phone starts what is in flash. */
// biome-ignore lint/correctness/useYield: a sequence like the others, of no steps
function* bootFromFlash(phone: BootingPhone): BootSequence {
  return runningFromFlash(phone.flash.load ?? '')
}

function runningFromFlash(load: string): BootEnd {
  const protocol = protocolOf(load)
  return {
    kind: 'running',
    load,
    protocol,
    provisioned: false,
    failedLoad: null,
    sip: null,
    callManagers: null,
  }
}

function protocolOf(load: string): 'sccp' | 'sip' {
  return readLoadName(load)?.protocol === 'sip' ? 'sip' : 'sccp'
}
