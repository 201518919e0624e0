import type { Mac } from '../net/mac.ts'
import type { RequestedFile } from '../phones/requested-file.ts'
import { type PhoneTime, phoneMsBetween } from './phone-time.ts'

/** The dial plan follows `syncinfo.xml` at once, repetitions included. */
const DIAL_PLAN_WITHIN_MS = 10_000

/**
 * Tells what a SIP application reads after a NOTIFY `check-sync` from what it reads when it starts:
 * `syncinfo.xml`, which is no part of a start, and its dial plan after it, whatever that is called.
 *
 * @see Cisco SIP IP phone administrator guide 8.0, "syncinfo.xml"
 */
export class CheckSyncReads {
  readonly #time: PhoneTime
  /** When `syncinfo.xml` was asked for; one entry a phone. */
  readonly #readAtMs = new Map<Mac, number>()

  constructor(time: PhoneTime) {
    this.#time = time
  }

  /** Whether the request belongs to a check. To be asked for each request of a phone, in order. */
  isOne(mac: Mac, { kind }: RequestedFile, nowMs: number): boolean {
    if (kind === 'syncinfo') {
      this.#readAtMs.set(mac, nowMs)
      return true
    }
    const readAtMs = this.#readAtMs.get(mac)
    if (readAtMs === undefined) return false
    const isPlan = kind === 'dialplan' || kind === 'other'
    const isSoon = phoneMsBetween(this.#time, readAtMs, nowMs) < DIAL_PLAN_WITHIN_MS
    if (isPlan && isSoon) return true
    this.#readAtMs.delete(mac)
    return false
  }

  forget(mac: Mac): void {
    this.#readAtMs.delete(mac)
  }
}
