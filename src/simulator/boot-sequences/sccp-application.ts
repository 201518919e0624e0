import { type LoadInformationRead, readLoadInformation } from '../named-load.ts'
import {
  ask,
  type BootEnd,
  type BootingPhone,
  type BootSequence,
  type FileReply,
  type Running,
  show,
} from './boot-step.ts'

/** What a phone fetches from the folder of its language, besides the font. */
const DICTIONARIES = ['7960-dictionary.xml', '7960-kate.xml', 'SCCP-dictionary.xml']

const FONT = '7960-font.xml'

/** The tones of its country. */
const TONES = '7960-tones.xml'

/** The country of a phone that was told none (trace jh-b). */
const DEFAULT_COUNTRY = 'US'

/** What an SCCP load has found out about itself. */
type Configuration =
  | LoadInformationRead
  /** No file, or one that it cannot read. */
  | { readonly kind: 'none' }
  /** No server answered, which is not the same. */
  | { readonly kind: 'unheard' }

/**
 * SCCP 6.0 and later, started by the universal loader: trust list, its own file, the default one where that is
 * missing, then font and tones (traces jh-b, jh-e, jh-l). It never fetches an image: where a file names another
 * load it reads that again and goes back to its loader.
 */
export function* bootSccpApplication(
  phone: BootingPhone,
  load: string,
  failedLoad: string | null,
): BootSequence<BootEnd> {
  yield { kind: 'begin', software: 'sccp' }
  const running: Running = {
    kind: 'running',
    load,
    protocol: 'sccp',
    provisioned: true,
    failedLoad,
    sip: null,
    callManagers: null,
  }
  if (phone.quirks.applicationAsksDhcp) yield { kind: 'address' }
  if (phone.quirks.sccpReads === 'own-file-first') return yield* readAsAssumed(phone, running)
  const read = yield* readUntilHeard(phone, running)
  if (namesOther(read, load)) {
    yield { kind: 'pause', pauseMs: phone.timing.sccpReadAgainMs }
    const again = yield* readUntilHeard(phone, running)
    if (namesOther(again, load)) return { kind: 'restart', cause: 'retry', wantedLoad: null }
    return yield* finish(phone, again, running)
  }
  return yield* finish(phone, read, running)
}

/** Silence is not "not found": the first two files are requested until a server answers (traces jh-c, jh-g). */
function* readUntilHeard(
  phone: BootingPhone,
  running: Running,
): BootSequence<Exclude<Configuration, { kind: 'unheard' }>> {
  for (let round = 0; ; round++) {
    const read = yield* readConfiguration(phone)
    if (read.kind !== 'unheard') return read
    // It runs on what it has in flash, all the time.
    if (round === 0) yield { kind: 'running', end: running }
    yield { kind: 'pause', pauseMs: phone.timing.sccpUnheardMs }
  }
}

function* readConfiguration(phone: BootingPhone): BootSequence<Configuration> {
  yield* ask(phone, `CTLSEP${phone.mac}.tlv`)
  let reply = yield* ask(phone, `SEP${phone.mac}.cnf.xml`)
  if (isSilence(reply)) return { kind: 'unheard' }
  if (reply.kind !== 'file') reply = yield* ask(phone, phone.quirks.xmlDefaultName)
  if (isSilence(reply)) return { kind: 'unheard' }
  if (reply.kind !== 'file') return { kind: 'none' }
  const read = readLoadInformation(reply.bytes, phone.model)
  return read.kind === 'read' ? read : { kind: 'none' }
}

/** Font and tones, then the call manager; a phone that cannot register goes round by its loader (trace jh-b). */
function* finish(
  phone: BootingPhone,
  read: Exclude<Configuration, { kind: 'unheard' }>,
  running: Running,
): BootSequence<BootEnd> {
  if (read.kind === 'none') {
    yield* show('Defaulting CM to TFTP Server')
    return running
  }
  const { userLocale, networkLocale } = read
  const known: Running = { ...running, callManagers: read.callManagers }
  yield* ask(phone, `${userLocale ?? ''}/${FONT}`)
  for (const name of userLocale === null ? [] : DICTIONARIES) {
    yield* ask(phone, `${userLocale}/${name}`)
  }
  yield { kind: 'skip-port' }
  yield* ask(phone, `${networkLocale ?? DEFAULT_COUNTRY}/${TONES}`)
  if (phone.quirks.callManager === 'answers' || !read.namesCallManager) return known
  yield { kind: 'running', end: known }
  yield { kind: 'pause', pauseMs: phone.timing.sccpUnregisteredMs }
  yield* readConfiguration(phone)
  return { kind: 'restart', cause: 'unregistered', wantedLoad: null }
}

/** The order that was assumed before there were traces: that of the loader, then language and ring lists. */
function* readAsAssumed(phone: BootingPhone, running: Running): BootSequence<BootEnd> {
  let reply = yield* ask(phone, `SEP${phone.mac}.cnf.xml`)
  if (reply.kind !== 'file') reply = yield* ask(phone, phone.quirks.xmlDefaultName)
  if (reply.kind !== 'file') yield* show('Defaulting CM to TFTP Server')
  for (const name of localeFiles(phone, reply)) yield* ask(phone, name)
  yield* ask(phone, 'RINGLIST.XML')
  yield* ask(phone, 'DISTINCTIVERINGLIST.XML')
  return { ...running, callManagers: callManagersIn(phone, reply) }
}

function callManagersIn(phone: BootingPhone, reply: FileReply): Running['callManagers'] {
  if (reply.kind !== 'file') return null
  const found = readLoadInformation(reply.bytes, phone.model)
  return found.kind === 'read' ? found.callManagers : null
}

function localeFiles(phone: BootingPhone, reply: FileReply): readonly string[] {
  if (reply.kind !== 'file') return []
  const found = readLoadInformation(reply.bytes, phone.model)
  if (found.kind !== 'read') return []
  const { userLocale, networkLocale } = found
  return [
    ...(userLocale === null ? [] : [FONT, ...DICTIONARIES].map((name) => `${userLocale}/${name}`)),
    ...(networkLocale === null ? [] : [`${networkLocale}/${TONES}`]),
  ]
}

function namesOther(read: Exclude<Configuration, { kind: 'unheard' }>, load: string): boolean {
  return read.kind === 'read' && read.load !== null && read.load !== load
}

function isSilence(reply: FileReply): boolean {
  return reply.kind === 'failed' && reply.reason === 'silence'
}
