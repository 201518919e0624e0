import { readLoadName } from '../load-name.ts'
import { readLoadsFile } from '../named-load.ts'
import { flashWithLoader, type PhoneFlash } from '../phone-flash.ts'
import {
  ask,
  type BootEnd,
  type BootingPhone,
  type BootSequence,
  isUnheard,
  show,
  waitOut,
} from './boot-step.ts'
import { type Fetched, fetchApplication, fetchImage } from './fetch-image.ts'
import { askInHunt, huntForLoad } from './hunt-for-load.ts'

/** How the loader's stage ends: it starts the application, or the boot ends here. */
export type LoaderEnd =
  | { readonly kind: 'start'; readonly load: string; readonly failedLoad: string | null }
  | (BootEnd & { readonly kind: 'restart' | 'stopped' })

/** What came of bringing a load into flash. */
type Upgrade =
  /** Loader and application are those that `.loads` names. */
  | { readonly kind: 'current' }
  /** A whole image, or a new loader: the phone has to start from it. */
  | { readonly kind: 'new-loader' }
  | { readonly kind: 'new-application' }
  | Exclude<Fetched, { kind: 'written' }>

const INVALID = 'Protocol Application Invalid'

/**
 * The universal application loader: trust list, hunt for a load, `.loads` where a load was named, and what of
 * loader and application is not in flash yet. A loader that replaced itself starts again and hunts again; an
 * application that it wrote it starts (traces jh-…, eight conversions of eight).
 *
 * A loader that was answered, and then not any more, asks DHCP again and hunts again, for ever (trace jh-i). One
 * that heard nothing starts the application that it has (trace jh-c).
 */
export function* bootLoader(phone: BootingPhone): BootSequence<LoaderEnd> {
  yield { kind: 'begin', software: 'loader' }
  if (!phone.hasTftpServer) return startOrStop(phone, INVALID, null)
  for (;;) {
    const end = yield* huntAndBring(phone)
    if (end !== 'unheard') return end
    yield* show('TFTP Timeout')
    yield { kind: 'pause', pauseMs: phone.timing.unheardHuntMs }
    yield { kind: 'address' }
  }
}

function* huntAndBring(phone: BootingPhone): BootSequence<LoaderEnd | 'unheard'> {
  if (!(yield* askForTrustList(phone))) return yield* withoutAnswer(phone)
  const hunt = yield* huntForLoad(phone)
  if (hunt.kind === 'unheard') return 'unheard'
  if (hunt.kind === 'no-answer') return yield* withoutAnswer(phone)
  if (hunt.kind === 'unusable') return startOrStop(phone, INVALID, null)
  const load = phone.wantedLoad ?? hunt.load
  if (load === null) return startOrStop(phone, 'No Load Specified', null)
  return endOf(phone, load, yield* bring(phone, load))
}

function endOf(phone: BootingPhone, load: string, upgrade: Upgrade): LoaderEnd | 'unheard' {
  const { restartsAfterApplication, restartsAfterLoader, afterRefusedImage } = phone.quirks
  const start: LoaderEnd = { kind: 'start', load, failedLoad: null }
  const restart: LoaderEnd = { kind: 'restart', cause: 'flash', wantedLoad: null }
  switch (upgrade.kind) {
    case 'current':
      return start
    case 'new-application':
      return restartsAfterApplication ? restart : start
    case 'new-loader':
      // What the application wanted is not there yet.
      return restartsAfterLoader ? { ...restart, wantedLoad: phone.wantedLoad } : restart
    case 'unheard':
      return 'unheard'
    case 'refused':
      if (afterRefusedImage !== 'restarts') return startOrStop(phone, INVALID, load)
      return { ...restart, cause: 'retry', afterMs: phone.timing.refusedRestartMs }
    case 'failed':
      return startOrStop(phone, INVALID, load)
    default:
      return upgrade satisfies never
  }
}

/** Goes on at "file not found", unless the phone is one of those that loop on it. */
function* askForTrustList(phone: BootingPhone): BootSequence<boolean> {
  for (;;) {
    const reply = yield* askInHunt(phone, `CTLSEP${phone.mac}.tlv`)
    if (reply.kind === 'failed') return false
    if (reply.kind === 'file' || !phone.quirks.loopsOnTrustList) return true
    yield { kind: 'pause', pauseMs: phone.timing.loopMs }
  }
}

function* bring(phone: BootingPhone, load: string): BootSequence<Upgrade> {
  // SCCP 5.x has no .loads; the loader can only replace all of itself by such an image.
  if (readLoadName(load)?.universal === false) {
    const fetched = yield* fetchImage(phone, load)
    return fetched.kind === 'written' ? { kind: 'new-loader' } : fetched
  }
  const fileName = `${load}.loads`
  const reply = yield* ask(phone, fileName)
  if (isUnheard(phone, reply)) return { kind: 'unheard' }
  if (reply.kind !== 'file') return { kind: 'failed' }
  const loads = readLoadsFile(reply.bytes, fileName)
  if (loads === undefined) {
    yield { kind: 'report', news: { event: 'phone.image.refused', name: fileName, reason: 'form' } }
    yield* show('Image Authentication Failed')
    return { kind: phone.quirks.afterRefusedImage === 'asks-again' ? 'failed' : 'refused' }
  }
  return yield* bringParts(phone, loads)
}

function* bringParts(
  phone: BootingPhone,
  { loader, application }: { readonly loader: string; readonly application: string },
): BootSequence<Upgrade> {
  const { timing, quirks } = phone
  let flash: PhoneFlash = phone.flash
  if (loader !== flash.loader) {
    yield* waitOut(phone, timing.loadsToLoaderMs)
    const fetched = yield* fetchImage(phone, loader)
    if (fetched.kind !== 'written') return fetched
    if (quirks.restartsAfterLoader) return { kind: 'new-loader' }
    flash = flashWithLoader(flash, loader)
  }
  if (application === flash.load) {
    return { kind: loader === phone.flash.loader ? 'current' : 'new-loader' }
  }
  yield* waitOut(phone, timing.loadsToApplicationMs)
  const fetched = yield* fetchApplication(phone, flash, application)
  return fetched.kind === 'written' ? { kind: 'new-application' } : fetched
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
