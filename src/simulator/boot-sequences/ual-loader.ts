import { readLoadName } from '../load-name.ts'
import { readLoadsFile } from '../named-load.ts'
import { flashWithLoader, type PhoneFlash } from '../phone-flash.ts'
import { ask, type BootEnd, type BootingPhone, type BootSequence, show } from './boot-step.ts'
import { fetchApplication, fetchImage } from './fetch-image.ts'
import { huntForLoad } from './hunt-for-load.ts'

/** How the loader's stage ends: it starts the application, or the boot ends here. */
export type LoaderEnd =
  | { readonly kind: 'start'; readonly load: string; readonly failedLoad: string | null }
  | (BootEnd & { readonly kind: 'restart' | 'stopped' })

/** What came of bringing a load into flash. */
type Upgrade = 'current' | 'written' | 'failed'

const INVALID = 'Protocol Application Invalid'

/**
 * The universal application loader: trust list, hunt for a load, `.loads` of that load on every boot,
 * and what of loader and application is not in flash yet.
 *
 * @see Cisco document 5455; Cisco CME guide, "files for phones"
 */
export function* bootLoader(phone: BootingPhone): BootSequence<LoaderEnd> {
  if (!phone.hasTftpServer) return startOrStop(phone, INVALID, null)
  if (!(yield* askForTrustList(phone))) return yield* withoutAnswer(phone)
  const hunt = yield* huntForLoad(phone)
  if (hunt.kind === 'no-answer') return yield* withoutAnswer(phone)
  if (hunt.kind === 'unusable') return startOrStop(phone, INVALID, null)
  const load = phone.wantedLoad ?? hunt.load
  if (load === null) return startOrStop(phone, 'No Load Specified', null)
  const upgrade = yield* bring(phone, load)
  if (upgrade === 'written') return { kind: 'restart', cause: 'flash', wantedLoad: null }
  if (upgrade === 'current') return { kind: 'start', load, failedLoad: null }
  return startOrStop(phone, INVALID, load)
}

/** Goes on at "file not found", unless the phone is one of those that loop on it. */
function* askForTrustList(phone: BootingPhone): BootSequence<boolean> {
  for (;;) {
    const reply = yield* ask(phone, `CTLSEP${phone.mac}.tlv`)
    if (reply.kind === 'failed') return false
    if (reply.kind === 'file' || !phone.knobs.loopsOnTrustList) return true
    yield { kind: 'pause', pauseMs: phone.timing.loopMs }
  }
}

function* bring(phone: BootingPhone, load: string): BootSequence<Upgrade> {
  // SCCP 5.x has no .loads; the loader can only replace all of itself by such an image.
  if (readLoadName(load)?.universal === false) {
    return (yield* fetchImage(phone, load)) === undefined ? 'failed' : 'written'
  }
  const fileName = `${load}.loads`
  const reply = yield* ask(phone, fileName)
  if (reply.kind !== 'file') return 'failed'
  const loads = readLoadsFile(reply.bytes, fileName)
  if (loads === undefined) {
    yield { kind: 'tell', news: { event: 'phone.image.refused', name: fileName, reason: 'form' } }
    yield* show('Image Authentication Failed')
    return 'failed'
  }
  return yield* bringParts(phone, loads)
}

function* bringParts(
  phone: BootingPhone,
  { loader, application }: { readonly loader: string; readonly application: string },
): BootSequence<Upgrade> {
  let flash: PhoneFlash = phone.flash
  if (loader !== flash.loader) {
    const written = yield* fetchImage(phone, loader)
    if (written === undefined) return 'failed'
    flash = flashWithLoader(flash, loader)
  }
  if (application !== flash.load) {
    const written = yield* fetchApplication(phone, flash, application)
    if (written === undefined) return 'failed'
    return 'written'
  }
  return loader === phone.flash.loader ? 'current' : 'written'
}

/** The loader runs on with an application in flash, and waits with a message where there is none. */
function startOrStop(phone: BootingPhone, screen: string, failedLoad: string | null): LoaderEnd {
  const { load } = phone.flash
  return load === null ? { kind: 'stopped', screen } : { kind: 'start', load, failedLoad }
}

function* withoutAnswer(phone: BootingPhone): BootSequence<LoaderEnd> {
  yield* show('TFTP Timeout')
  if (phone.flash.load !== null) return startOrStop(phone, INVALID, null)
  yield { kind: 'pause', pauseMs: phone.timing.loopMs }
  return { kind: 'restart', cause: 'retry', wantedLoad: null }
}
