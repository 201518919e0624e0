import { type LoadInformationRead, loadInOs79xx, readLoadInformation } from '../named-load.ts'
import {
  ask,
  type BootEnd,
  type BootingPhone,
  type BootSequence,
  type FileReply,
  show,
} from './boot-step.ts'
import { fetchImage } from './fetch-image.ts'

/** Requests for the default file before a phone without XML begins its boot again. */
const OLD_DEFAULT_ATTEMPTS = 5

/**
 * SCCP up to 5.x: `OS79XX.TXT`, whose load is taken if its protocol is another; then the phone's own
 * load information, which may name a load of the same protocol.
 *
 * @see Cisco document 5455; Cisco 7960/7940 firmware upgrade matrix, first four characters
 */
export function* bootPreUalSccp(phone: BootingPhone): BootSequence {
  const load = phone.flash.load ?? ''
  const other =
    phone.quirks.skipsOs79xx && !phone.isFactoryNew
      ? null
      : loadOfOtherProtocol(phone, yield* ask(phone, 'OS79XX.TXT'))
  if (other !== null && (yield* fetchImage(phone, other)).kind === 'written') return intoFlash
  if (phone.quirks.knowsNoXml) return yield* askForOldDefault(phone)
  const read = yield* askForLoadInformation(phone)
  const named = read?.load ?? null
  if (named !== null && named !== load) {
    if ((yield* fetchImage(phone, named)).kind === 'written') return intoFlash
  }
  return {
    kind: 'running',
    load,
    protocol: 'sccp',
    provisioned: true,
    failedLoad: null,
    sip: null,
    callManagers: read?.callManagers ?? null,
  }
}

const intoFlash: BootEnd = { kind: 'restart', cause: 'flash', wantedLoad: null }

/** The load in `OS79XX.TXT`, if its first four characters are not those of the load that runs. */
export function loadOfOtherProtocol(phone: BootingPhone, reply: FileReply): string | null {
  if (reply.kind !== 'file') return null
  const named = loadInOs79xx(reply.bytes, phone.quirks.readsOs79xxLiterally)
  return named?.slice(0, 4) === phone.flash.load?.slice(0, 4) ? null : named
}

function* askForLoadInformation(phone: BootingPhone): BootSequence<LoadInformationRead | null> {
  for (const name of [`SEP${phone.mac}.cnf.xml`, phone.quirks.xmlDefaultName]) {
    const reply = yield* ask(phone, name)
    if (reply.kind !== 'file') continue
    const found = readLoadInformation(reply.bytes, phone.model)
    return found.kind === 'read' ? found : null
  }
  yield* show('Defaulting CM to TFTP Server')
  return null
}

/** One such phone was seen asking for this file for ever, until `OS79XX.TXT` was put right. */
function* askForOldDefault(phone: BootingPhone): BootSequence {
  for (let attempt = 0; attempt < OLD_DEFAULT_ATTEMPTS; attempt++) {
    yield* ask(phone, 'SEPDefault.cnf')
    yield { kind: 'pause', pauseMs: phone.timing.loopMs }
  }
  return { kind: 'restart', cause: 'retry', wantedLoad: null }
}
