/** How long a phone takes for things, in milliseconds. */
export type PhoneTiming = {
  /** From power to the first DHCP message. */
  readonly powerUpMs: number
  /** From one answer to the next request. */
  readonly nextRequestMs: number
  /** From the loader's last file to the application's first. */
  readonly loaderToApplicationMs: number
  /** Least and most time before a failed image is asked for again. */
  readonly imageRetryMs: readonly [least: number, most: number]
  /** Writing an image to flash. */
  readonly flashMs: number
  /** Before a request that brings the phone nowhere is repeated. */
  readonly loopMs: number
  /** Idle before a phone that was told to check its files does so (Cisco SIP guide 8.0). */
  readonly checkSyncMs: number
  /** Silence after which a TFTP packet is sent again. */
  readonly tftpRetryMs: number
  /** When DHCP messages are repeated, after the first; then the phone tries something else. */
  readonly dhcpRetryMs: readonly number[]
}

/**
 * Times as observed on 7940 and 7960 phones, or where nobody has published any (power-up, flash, loop),
 * guessed. Four requests four seconds apart: RFC 5859 section 3.
 */
export const DEFAULT_TIMING: PhoneTiming = {
  powerUpMs: 10_000,
  nextRequestMs: 63,
  loaderToApplicationMs: 23_000,
  imageRetryMs: [8_000, 10_000],
  flashMs: 20_000,
  loopMs: 4_000,
  checkSyncMs: 20_000,
  tftpRetryMs: 4_000,
  dhcpRetryMs: [4_000, 8_000, 16_000, 32_000],
}

/** How often an image is asked for, and a packet is sent, before the phone gives up. */
export const ATTEMPTS = { image: 3, packet: 4 } as const

/** Below this a repeated packet would cross its answer on a real network. */
const LEAST_RETRY_MS = 1_000

/**
 * The same phone in a hurry: everything it does by itself is `speed` times as quick. Waiting for
 * others is not cut below a second, because a server does not get quicker by it.
 */
export function quickened(timing: PhoneTiming, speed: number): PhoneTiming {
  const quick = (ms: number) => ms / speed
  const patient = (ms: number) => Math.max(Math.min(ms, LEAST_RETRY_MS), ms / speed)
  return {
    powerUpMs: quick(timing.powerUpMs),
    nextRequestMs: quick(timing.nextRequestMs),
    loaderToApplicationMs: quick(timing.loaderToApplicationMs),
    imageRetryMs: [quick(timing.imageRetryMs[0]), quick(timing.imageRetryMs[1])],
    flashMs: quick(timing.flashMs),
    loopMs: quick(timing.loopMs),
    checkSyncMs: quick(timing.checkSyncMs),
    tftpRetryMs: patient(timing.tftpRetryMs),
    dhcpRetryMs: timing.dhcpRetryMs.map(patient),
  }
}
