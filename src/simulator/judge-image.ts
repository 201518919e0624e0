import { refusingRule } from './image-rules.ts'
import { type LoadName, readLoadName } from './load-name.ts'
import {
  flashRunning,
  flashWithLoader,
  type PhoneFlash,
  runningName,
  wantsSignature,
} from './phone-flash.ts'
import type { PhoneQuirks } from './phone-quirks.ts'
import { readSignedImage, SIGNATURE_HEADER_BYTES, textUpToNul } from './signed-image.ts'
import { IMAGE_NAME_OFFSET } from './synthetic-firmware.ts'

/** What a phone makes of an image that it has received. */
export type ImageVerdict =
  | {
      readonly kind: 'accepted'
      /** The flash when it is written. */
      readonly flash: PhoneFlash
      /** Loader of two parts, or loader and application in one. */
      readonly part: 'loader' | 'whole'
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly screen: string | null }

/** A phone as far as images are concerned. */
export type JudgingPhone = { readonly flash: PhoneFlash; readonly quirks: PhoneQuirks }

const UNAUTHENTIC = 'Image Authentication Failed'
const WRONG_LOAD = 'Load ID Incorrect'

/**
 * Judges an image from before the universal loader, or the loader itself.
 *
 * @param fileName - The name that was asked for, with extension.
 */
export function judgeImage(phone: JudgingPhone, fileName: string, bytes: Uint8Array): ImageVerdict {
  const content = contentOf(phone.flash, fileName, bytes)
  if (typeof content === 'string') return refused(content, UNAUTHENTIC)
  const to = readLoadName(imageName(content))
  if (to === undefined || to.protocol === 'mgcp') return refused('no load of ours', WRONG_LOAD)
  const from = runningName(phone.flash)
  const rule = from && refusingRule({ from, to, quirks: phone.quirks })
  if (rule !== undefined) return refused(rule.reason, WRONG_LOAD)
  if (!to.universal) {
    const flash = flashRunning(to.text, phone.flash.manual)
    return { kind: 'accepted', part: 'whole', flash }
  }
  // The application of a set may be about as an image of its own; without its loader it cannot run.
  if (!isLoader(to)) return refused('an application without its loader', WRONG_LOAD)
  return { kind: 'accepted', part: 'loader', flash: flashWithLoader(phone.flash, to.text) }
}

/** Judges the application part (`.sb2`) that a universal loader has received. */
export function judgeApplication(
  flash: PhoneFlash,
  fileName: string,
  bytes: Uint8Array,
):
  | { readonly kind: 'accepted'; readonly flash: PhoneFlash }
  | (ImageVerdict & { kind: 'refused' }) {
  const content = contentOf(flash, fileName, bytes)
  if (typeof content === 'string') return refused(content, UNAUTHENTIC)
  const name = readLoadName(imageName(content))
  if (name === undefined || !name.universal || name.protocol === 'mgcp') {
    return refused('no application of ours', WRONG_LOAD)
  }
  return { kind: 'accepted', flash: { ...flash, load: name.text, cameFrom: null } }
}

/** The image without its signature; or, where the signature is missing or wrong, why. */
function contentOf(flash: PhoneFlash, fileName: string, bytes: Uint8Array): Uint8Array | string {
  const signed = readSignedImage(bytes)
  if (!wantsSignature(flash)) return signed?.content ?? bytes
  if (signed === undefined) return 'not signed'
  if (signed.fileName !== fileName) return `signed as ${signed.fileName}`
  return signed.intact ? signed.content : 'damaged'
}

/** A SIP set's loader says so in its name; an SCCP set's shares its stem with the application. */
function isLoader(name: LoadName): boolean {
  return name.loaderOnly || name.protocol === 'sccp'
}

function imageName(content: Uint8Array): string {
  const name = textUpToNul(content.subarray(IMAGE_NAME_OFFSET, SIGNATURE_HEADER_BYTES))
  // Real images may carry an extension here; a load has none.
  return name.replace(/\.[a-z0-9]{3}$/, '')
}

function refused(reason: string, screen: string): ImageVerdict & { kind: 'refused' } {
  return { kind: 'refused', reason, screen }
}
