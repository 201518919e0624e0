import { type JudgingPhone, judgeApplication, judgeImage } from '../judge-image.ts'
import { isAtLeast, readLoadName } from '../load-name.ts'
import { type PhoneFlash, runningName, wantsSignature } from '../phone-flash.ts'
import { ATTEMPTS, type Spread } from '../phone-timing.ts'
import {
  ask,
  type BootingPhone,
  type BootSequence,
  isUnheard,
  MAX_BYTES,
  show,
  waitOut,
} from './boot-step.ts'

/** What a phone that gives up on an image has read of it by then. */
const GIVEN_UP_AFTER_BYTES = 10_240

const MAX_LIMITED_NAME = 8

type Judgement =
  | { readonly kind: 'accepted'; readonly flash: PhoneFlash; readonly part: Part }
  | { readonly kind: 'refused'; readonly reason: string; readonly screen: string | null }

type Part = 'whole' | 'loader' | 'application'

type Judge = (fileName: string, bytes: Uint8Array) => Judgement

/** What became of an image that was wanted. */
export type Fetched =
  | { readonly kind: 'written'; readonly flash: PhoneFlash }
  /** Not there, or given up; the phone keeps what it has. */
  | { readonly kind: 'failed' }
  /** It came whole and is none for this phone, and this phone does not ask for it again. */
  | { readonly kind: 'refused' }
  /** The server, or a part of what it sent, was not heard. */
  | { readonly kind: 'unheard' }

/**
 * Fetches and writes the image of a load from before the universal loader, or the loader itself:
 * `.bin` below 5.0, `.sbn` from there on (Cisco document 5455).
 */
export function* fetchImage(phone: BootingPhone, load: string): BootSequence<Fetched> {
  if (isNameTooLong(phone, load)) {
    yield* refuse(load, 'SIP 2.1 and earlier takes names of eight characters', 'Load ID Incorrect')
    return { kind: 'failed' }
  }
  const fileName = `${load}${wantsSignature(phone.flash) ? '.sbn' : '.bin'}`
  const judge: Judge = (name, bytes) => judgeImage(phone, name, bytes)
  return yield* fetchAndWrite(phone, fileName, judge)
}

/** Fetches and writes an application (`.sb2`) by the universal loader in `flash`. */
export function* fetchApplication(
  phone: BootingPhone,
  flash: PhoneFlash,
  load: string,
): BootSequence<Fetched> {
  const judge: Judge = (name, bytes) => {
    const verdict = judgeApplication(flash, name, bytes)
    return verdict.kind === 'accepted' ? { ...verdict, part: 'application' } : verdict
  }
  return yield* fetchAndWrite(phone, `${load}.sb2`, judge)
}

/**
 * A refused image is asked for again after 8 to 10 s, three times in all (Cisco document 5455), unless a
 * universal loader has refused it: that one continues otherwise.
 */
function* fetchAndWrite(
  phone: BootingPhone,
  fileName: string,
  judge: Judge,
): BootSequence<Fetched> {
  const [least, most] = phone.timing.imageRetryMs
  for (let attempt = 1; attempt <= ATTEMPTS.image; attempt++) {
    if (attempt > 1) {
      yield { kind: 'pause', pauseMs: least + phone.random.below(most - least + 1) }
    }
    const fetched = yield* attemptImage(phone, fileName, judge)
    if (fetched !== 'again') return fetched
  }
  return { kind: 'failed' }
}

/** One attempt; `again` where the image broke off, or was refused by a phone that asks again. */
function* attemptImage(
  phone: BootingPhone,
  fileName: string,
  judge: Judge,
): BootSequence<Fetched | 'again'> {
  const maxBytes = givesUpInMidFile(phone, fileName) ? GIVEN_UP_AFTER_BYTES : MAX_BYTES.image
  const reply = yield* ask(phone, fileName, maxBytes)
  if (reply.kind === 'absent') return { kind: 'failed' }
  if (isUnheard(phone, reply)) return { kind: 'unheard' }
  if (reply.kind === 'failed') return 'again'
  const judgement = judge(fileName, reply.bytes)
  if (judgement.kind === 'accepted') return yield* write(phone, fileName, judgement)
  yield* refuse(fileName, judgement.reason, judgement.screen)
  return asksAgain(phone) ? 'again' : { kind: 'refused' }
}

function asksAgain({ flash, quirks }: BootingPhone): boolean {
  return flash.generation !== 'ual' || quirks.afterRefusedImage === 'asks-again'
}

function* write(
  phone: BootingPhone,
  fileName: string,
  { flash, part }: Judgement & { kind: 'accepted' },
): BootSequence<Fetched> {
  yield* show('Upgrading Software')
  yield* waitOut(phone, writingTime(phone, part))
  yield { kind: 'write', flash }
  yield { kind: 'report', news: { event: 'phone.flash.written', part, name: fileName } }
  return { kind: 'written', flash }
}

function writingTime({ timing, flash }: BootingPhone, part: Part): Spread {
  if (part === 'application') return timing.applicationFlashMs
  if (part === 'loader' && flash.generation === 'ual') return timing.loaderFlashMs
  return [timing.flashMs, timing.flashMs, timing.flashMs]
}

function* refuse(name: string, reason: string, screen: string | null): BootSequence<void> {
  yield { kind: 'report', news: { event: 'phone.image.refused', name, reason } }
  if (screen !== null) yield* show(screen)
}

function isNameTooLong({ flash, quirks }: JudgingPhone, load: string): boolean {
  const from = runningName(flash)
  if (!quirks.limitsNames || from === undefined || from.protocol !== 'sip') return false
  return !isAtLeast(from, 2, 2) && load.startsWith('P003') && load.length > MAX_LIMITED_NAME
}

/** The trace of document 5455: the image is begun, dies after a second or three, is begun again. */
function givesUpInMidFile({ flash, quirks }: BootingPhone, fileName: string): boolean {
  if (!quirks.needsSip23First || flash.generation !== 'pre-ual-sccp') return false
  const name = readLoadName(fileName.replace(/\.[a-z0-9]{3}$/, ''))
  return name !== undefined && name.protocol === 'sip' && isAtLeast(name, 3)
}
