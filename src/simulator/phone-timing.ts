import { DEFAULT_BEHAVIOUR, type PhoneBehaviour } from './phone-quirks.ts'
import type { PseudoRandom } from './pseudo-random.ts'

/** A time that differs from phone to phone, in milliseconds: half of the phones lie on either side of `usual`. */
export type Spread = readonly [least: number, usual: number, most: number]

/** How long a phone takes for things, in milliseconds. */
export type PhoneTiming = {
  /** From power to the first DHCP message. */
  readonly powerUpMs: number
  /** From the end of an application or a loader to the first DHCP message of the loader that starts again. */
  readonly restartMs: number
  /** From one answer to the next request. */
  readonly nextRequestMs: number
  /** From a block of a file to its ACK; not waited for where it is less than a millisecond. */
  readonly blockMs: number
  /** From the loader's last file to the first of a SIP application, if nothing is written between. */
  readonly loaderToApplicationMs: number
  /** The same for an SCCP application. */
  readonly loaderToSccpApplicationMs: number
  /** Least and most time before a failed image is asked for again. */
  readonly imageRetryMs: readonly [least: number, most: number]
  /** Writing an image of a phone without the universal loader, or the first universal loader. */
  readonly flashMs: number
  /** A universal loader that replaces itself: from the image's end to its restart. */
  readonly loaderFlashMs: Spread
  /** A universal loader that writes an application. */
  readonly applicationFlashMs: Spread
  /** From `.loads` to the request for the loader that it names; like the next two besides `nextRequestMs`. */
  readonly loadsToLoaderMs: Spread
  /** From `.loads` to the request for the application that it names. */
  readonly loadsToApplicationMs: Spread
  /** From `SIP<MAC>.cnf` to ring list and dial plan, SIP 7.0 and later. */
  readonly ringListMs: Spread
  /** From one request for a missing `SIP<MAC>.cnf` to the next, SIP 7.0 and later. */
  readonly pollMs: number
  /** After an SCCP application has read that it is to be another load, before it reads that again. */
  readonly sccpReadAgainMs: number
  /** After an SCCP application has read its last file, before it reads its files again because no server lets it register. */
  readonly sccpUnregisteredMs: number
  /** After an SCCP application was not answered, before it asks again. */
  readonly sccpUnheardMs: number
  /** After a loader gave up on a file, before it hunts again: with DHCP, in the same start. */
  readonly unheardHuntMs: number
  /** From the end of a refused image to the loader's first DHCP message, where it begins again. */
  readonly refusedRestartMs: number
  /** From the last file of an SCCP application to its connection. */
  readonly sccpConnectMs: number
  /** From Unregister to the first DHCP message, or file request, of a phone that its call manager has reset. */
  readonly sccpResetMs: number
  /** From a registration that failed to the next try. */
  readonly registerAgainMs: number
  /** Before a request that brings the phone nowhere is repeated. */
  readonly loopMs: number
  /** Idle before a phone that was told to check its files does so (Cisco SIP guide 8.0). */
  readonly checkSyncMs: number
  /** Silence after which a TFTP packet is sent again, phones without the universal loader; four times in all. */
  readonly tftpRetryMs: number
  /** Silence after each sending, universal loader and SIP 7.0 and later; after the last the next port is tried. */
  readonly loaderRetryMs: readonly number[]
  /** The same for SCCP 6.0 and later. */
  readonly sccpRetryMs: readonly number[]
  /** When DHCP messages are repeated, after the first; then the phone tries something else. */
  readonly dhcpRetryMs: readonly number[]
}

/**
 * Times as traces of real phones have them (`test/vectors/field`); each value names its trace. Where nobody has
 * published any (power-up, flash before the universal loader, loop) they are guessed.
 */
const FIELD_TIMING: PhoneTiming = {
  powerUpMs: 10_000,
  // jh-b: 13 s from the last request of the application to the loader's first; jh-e 13 s, jh-l 15 s.
  restartMs: 13_500,
  // cmedbg-two-phones and the capture of a 7940 with P00308000500: 63 ms.
  nextRequestMs: 63,
  // jh-…, eight conversions: .sb2 (1478 blocks) 7 to 16 s, median 14, .sbn (256 blocks) 1 to 5 s, median 2.5.
  blockMs: 9,
  // teo-2 and a second boot of the same phone: 23 to 24 s.
  loaderToApplicationMs: 23_500,
  // jh-b, jh-c, jh-e: 8 to 9 s, four starts.
  loaderToSccpApplicationMs: 8_500,
  // seed-2002: 8 to 10 s, phones without the universal loader.
  imageRetryMs: [8_000, 10_000],
  flashMs: 20_000,
  // jh-…, eight conversions: 24 to 35 s, median 28.5, from the end of .sbn to the next hunt, less restartMs.
  loaderFlashMs: [10_500, 14_900, 21_400],
  // jh-…, eight conversions: 38 to 53 s, median 42, from the end of .sb2 to SIPDefault.cnf, less
  // loaderToApplicationMs. For SCCP no trace shows it: inferred, that writing takes as long.
  applicationFlashMs: [14_500, 18_400, 29_400],
  // jh-…, eight conversions: 1 to 2 s, less nextRequestMs.
  loadsToLoaderMs: [950, 1_450, 1_900],
  // jh-…, eight conversions: 2 to 4 s, less nextRequestMs.
  loadsToApplicationMs: [1_950, 2_950, 3_900],
  // teo-2: 1 to 2 s, less nextRequestMs.
  ringListMs: [950, 1_450, 1_900],
  // jh-e, jh-l, jh-n, jh-p: 30 to 34 s, 30.9 on average, less nextRequestMs.
  pollMs: 30_840,
  // jh-e, jh-l: 33 to 34 s.
  sccpReadAgainMs: 33_500,
  // jh-b: 43 to 45 s.
  sccpUnregisteredMs: 44_000,
  // jh-g: 51 s after two files of 60 s, so that its rounds are 171 s apart.
  sccpUnheardMs: 51_000,
  // jh-i: 24 to 25 s from the last request to the next hunt, four of which are the request's own wait.
  unheardHuntMs: 20_500,
  // Inferred: such a phone is back in its loader within about ten seconds.
  refusedRestartMs: 9_500,
  // Guessed: below 5 s. With the next, 13 s from Unregister to the new connection (CME log, load 7.2).
  sccpConnectMs: 2_000,
  sccpResetMs: 10_500,
  // Guessed.
  registerAgainMs: 30_000,
  loopMs: 4_000,
  checkSyncMs: 20_000,
  // RFC 5859 section 3: four requests four seconds apart. No trace reaches phones without the universal loader.
  tftpRetryMs: 4_000,
  // jh-c, jh-i, jh-l: requests at 0, 1, 5, 9 s, the next port at 13 s.
  loaderRetryMs: [1_000, 4_000, 4_000, 4_000],
  // jh-c, jh-g: requests at 0, 4, 8, 12, 16 s, the next port at 20 s.
  sccpRetryMs: [4_000, 4_000, 4_000, 4_000, 4_000],
  dhcpRetryMs: [4_000, 8_000, 16_000, 32_000],
}

const at = (ms: number): Spread => [ms, ms, ms]

/** Times as assumed before there were traces: one boot for all, one gap for both protocols. */
const ASSUMED_TIMING: PhoneTiming = {
  ...FIELD_TIMING,
  restartMs: 10_000,
  blockMs: 0,
  loaderToApplicationMs: 23_000,
  loaderToSccpApplicationMs: 23_000,
  loaderFlashMs: at(20_000),
  applicationFlashMs: at(20_000),
  loadsToLoaderMs: at(0),
  loadsToApplicationMs: at(0),
  ringListMs: at(0),
}

/** The times of a behaviour. */
export function timingOf(behaviour: PhoneBehaviour): PhoneTiming {
  return behaviour === 'field' ? FIELD_TIMING : ASSUMED_TIMING
}

/** The default times. */
export const DEFAULT_TIMING: PhoneTiming = timingOf(DEFAULT_BEHAVIOUR)

/** How often an image is asked for, and a packet is sent, before the phone gives up. */
export const ATTEMPTS = { image: 3, packet: 4 } as const

/** From how many ports, one after the other, a file is asked for (traces jh-c, jh-g). */
export const PORTS_PER_FILE = 3

/** Below this a repeated packet would cross its answer on a real network. */
const LEAST_RETRY_MS = 1_000

/** The same for timers that have a trace: a short first wait is part of what was seen. */
const LEAST_TRACED_RETRY_MS = 250

/**
 * The same phone in a hurry: everything it does by itself is `speed` times as quick. Waiting for others is
 * not cut below a second (a quarter for timers that were traced), because a server does not get quicker by it.
 */
export function quickened(timing: PhoneTiming, speed: number): PhoneTiming {
  const quick = (ms: number) => ms / speed
  const spread = ([least, usual, most]: Spread): Spread => [quick(least), quick(usual), quick(most)]
  const notBelow = (floorMs: number) => (ms: number) => Math.max(Math.min(ms, floorMs), quick(ms))
  const patient = notBelow(LEAST_RETRY_MS)
  const traced = notBelow(LEAST_TRACED_RETRY_MS)
  return {
    powerUpMs: quick(timing.powerUpMs),
    restartMs: quick(timing.restartMs),
    nextRequestMs: quick(timing.nextRequestMs),
    blockMs: quick(timing.blockMs) < 1 ? 0 : quick(timing.blockMs),
    loaderToApplicationMs: quick(timing.loaderToApplicationMs),
    loaderToSccpApplicationMs: quick(timing.loaderToSccpApplicationMs),
    imageRetryMs: [quick(timing.imageRetryMs[0]), quick(timing.imageRetryMs[1])],
    flashMs: quick(timing.flashMs),
    loaderFlashMs: spread(timing.loaderFlashMs),
    applicationFlashMs: spread(timing.applicationFlashMs),
    loadsToLoaderMs: spread(timing.loadsToLoaderMs),
    loadsToApplicationMs: spread(timing.loadsToApplicationMs),
    ringListMs: spread(timing.ringListMs),
    pollMs: quick(timing.pollMs),
    sccpReadAgainMs: quick(timing.sccpReadAgainMs),
    sccpUnregisteredMs: quick(timing.sccpUnregisteredMs),
    sccpUnheardMs: quick(timing.sccpUnheardMs),
    unheardHuntMs: quick(timing.unheardHuntMs),
    refusedRestartMs: quick(timing.refusedRestartMs),
    sccpConnectMs: quick(timing.sccpConnectMs),
    sccpResetMs: quick(timing.sccpResetMs),
    registerAgainMs: patient(timing.registerAgainMs),
    loopMs: quick(timing.loopMs),
    checkSyncMs: quick(timing.checkSyncMs),
    tftpRetryMs: patient(timing.tftpRetryMs),
    loaderRetryMs: timing.loaderRetryMs.map(traced),
    sccpRetryMs: timing.sccpRetryMs.map(traced),
    dhcpRetryMs: timing.dhcpRetryMs.map(patient),
  }
}

/** One phone's time out of a spread: below the usual one as often as above it. */
export function drawn([least, usual, most]: Spread, random: PseudoRandom): number {
  const part = random.next() / 2 ** 32
  return part < 0.5 ? least + (usual - least) * part * 2 : usual + (most - usual) * (part - 0.5) * 2
}
