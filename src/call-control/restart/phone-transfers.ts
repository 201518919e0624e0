import type { Mac } from '../../net/mac.ts'

/** A phone that writes its flash must not lose power; how long that takes at most, in phone time. */
const AFTER_IMAGE_MS = 180_000

/** How long a transfer other than an image may still take, in seconds: what the caller is told to wait. */
const OF_A_FILE_SECONDS = 5

type Traffic = {
  /** By a key of the transfer: whether it is an image. */
  readonly running: Map<string, boolean>
  /** When the last image ended, whole or not; null for none. */
  imageEndedAtMs: number | null
}

/** Which transfers a phone is in, and when its last image ended: the appliance does not restart it then. */
export class PhoneTransfers {
  readonly #traffic = new Map<Mac, Traffic>()
  readonly #speed: number

  /** @param speed - How many times faster than real phones. */
  constructor(speed = 1) {
    this.#speed = speed
  }

  /** @param key - Names the transfer among those of the phone: its file and its port. */
  onStarted(mac: Mac, key: string, isImage: boolean): void {
    this.#of(mac).running.set(key, isImage)
  }

  /** It has ended, however: of an image that broke off the phone may write what it has. */
  onEnded(mac: Mac, key: string, nowMs: number): void {
    const traffic = this.#of(mac)
    if (traffic.running.get(key) === true) traffic.imageEndedAtMs = nowMs
    traffic.running.delete(key)
  }

  /** An image ended before this process knew of it. */
  recall(mac: Mac, imageEndedAtMs: number): void {
    this.#of(mac).imageEndedAtMs = imageEndedAtMs
  }

  /** Seconds until the phone may be restarted, at least; null where it may be now. */
  busySeconds(mac: Mac, nowMs: number): number | null {
    const traffic = this.#traffic.get(mac)
    if (traffic === undefined) return null
    const windowMs = AFTER_IMAGE_MS / this.#speed
    if ([...traffic.running.values()].includes(true)) return Math.ceil(windowMs / 1000)
    const { imageEndedAtMs } = traffic
    const leftMs = imageEndedAtMs === null ? 0 : imageEndedAtMs + windowMs - nowMs
    if (leftMs > 0) return Math.ceil(leftMs / 1000)
    return traffic.running.size > 0 ? OF_A_FILE_SECONDS : null
  }

  forget(mac: Mac): void {
    this.#traffic.delete(mac)
  }

  #of(mac: Mac): Traffic {
    const known = this.#traffic.get(mac)
    if (known !== undefined) return known
    const made: Traffic = { running: new Map(), imageEndedAtMs: null }
    this.#traffic.set(mac, made)
    return made
  }
}
