import type { BootTimes } from '../phone-family.ts'

/**
 * When these phones do what, by which a load is told from another that asks for the same files.
 * Traces: eight phones (github.com/julianhead/CiscoPhones, tftplog, 2021) and a 7960 with SIP 8.12
 * (tdtemcerts.blogspot.com, 2020).
 */
export const BOOT_TIMES: BootTimes = {
  // Traces: 0 to 1 s in 39 unbroken hunts; a lost packet or two make it 6 s.
  longestHuntMs: 6_000,
  // Inferred: no loader's hunt takes this long, whatever is lost.
  longerThanAHuntMs: 40_000,
  // Traces: a loader repeats a lost request after 1, 5 and 9 s; then it has not asked.
  loadsWouldFollowMs: 10_000,
  // Cisco document 5455: a phone without a loader asks within a second or two; the rest is margin.
  imageWouldFollowMs: 4_000,
  quietStartMs: 20_000,
  // Traces: 23 to 24 s (SIP), 8 to 9 s (SCCP). A loader whose requests for the image are all lost
  // gives up after 39 s and starts the old application 12 s later.
  latestStartAfterLoadsMs: 45_000,
  // Traces: a flashed SIP application starts 38 to 53 s after its image; one that was not flashed
  // 23 to 24 s after its loader, which comes back within 10 s. SCCP: 8 to 9 s after the loader in four
  // starts; the sum with the loader's 10 s is inferred.
  refusalWindowMs: { sip: 35_000, sccp: 20_000 },
  // Traces: a phone that refuses an image is back in its loader or its old application long before.
  silenceMs: 75_000,
}
