import { isLastImageOf, type Target } from '../../../conversion/target.ts'
import { family } from '../../../phones/family/family.ts'
import type { RequestedFile } from '../../../phones/requested-file.ts'

/** What an application that starts proves of the image before it. */
export type ApplicationStart =
  /** It is the target's. */
  | { readonly kind: 'target'; readonly target: Target }
  /** It came so soon that nothing can have been written to flash: the old one runs on. */
  | { readonly kind: 'too-soon'; readonly load: string; readonly afterMs: number }

/*
 * Gaps of field traces (eight conversions to SIP 8.12, July 2021): the application's first file comes
 * 38 to 53 s after the end of the last image, 45 to 69 s after its request. A phone that refuses the
 * image writes no flash and starts its old SIP application after 23 to 24 s.
 */
const AFTER_END_MS = family.bootTimes.refusalWindowMs.sip
/**
 * A log that tells no end: a transfer takes 7 to 16 s, and up to 24 s pass after a refused one. What lies
 * between proves neither.
 */
const AFTER_REQUEST_MS = 43_000
const REFUSED_AFTER_REQUEST_MS = 40_000
/** Much later the phone may have been switched off and on. */
const LATEST_MS = 180_000

/** The last image of a phone with a loader, as far as it went. */
type LastImage = {
  readonly target: Target
  readonly askedAtMs: number
  endedAtMs: number | null
  isWhole: boolean
}

/**
 * Tells by the first file of the SIP application which load runs: after the last image the phone starts
 * it directly, without another hunt of its loader (field traces, 8 of 8).
 */
export class RunningLoad {
  #image: LastImage | null = null
  #hasRunSccp = false
  readonly #isTimed: boolean

  /** @param isTimed - Whether times mean anything. */
  constructor(isTimed: boolean) {
    this.#isTimed = isTimed
  }

  /** A request; `target` is where the phone is going. */
  request(file: RequestedFile, target: Target | null, atMs: number): ApplicationStart | null {
    if (file.kind === 'image') this.#begin(file, target, atMs)
    // A loader hunts: what comes next is told by what it reads.
    else if (file.kind === 'ctlsep' || file.kind === 'os79xx') this.#image = null
    else if (file.kind === 'locale' || file.kind === 'ringlist-xml') this.#hasRunSccp = true
    else if (file.kind === 'sip-default') return this.#start(atMs)
    return null
  }

  /** How a transfer ended. */
  ended(name: string, isWhole: boolean, atMs: number): void {
    const image = this.#image
    if (image === null || !isLastImageOf(image.target, name)) return
    image.endedAtMs = atMs
    image.isWhole = isWhole
  }

  /** The SCCP application has shown itself. */
  sawSccp(): void {
    this.#hasRunSccp = true
  }

  #begin(
    { stem, extension }: RequestedFile & { readonly kind: 'image' },
    target: Target | null,
    atMs: number,
  ): void {
    const isLast = target?.ual === true && isLastImageOf(target, `${stem}.${extension}`)
    this.#image = isLast ? { target, askedAtMs: atMs, endedAtMs: null, isWhole: true } : null
  }

  #start(atMs: number): ApplicationStart | null {
    const image = this.#image
    this.#image = null
    if (image === null || !image.isWhole || image.target.protocol !== 'sip') return null
    // An SCCP application never asks for SIPDefault.cnf: another one runs than before.
    const { target } = image
    if (this.#hasRunSccp || !this.#isTimed) return { kind: 'target', target }
    const afterMs = atMs - (image.endedAtMs ?? image.askedAtMs)
    if (afterMs > LATEST_MS) return null
    const least = image.endedAtMs === null ? AFTER_REQUEST_MS : AFTER_END_MS
    if (afterMs >= least) return { kind: 'target', target }
    const isOpen = image.endedAtMs === null && afterMs > REFUSED_AFTER_REQUEST_MS
    return isOpen ? null : { kind: 'too-soon', load: target.load, afterMs }
  }
}
