import type { PhoneFamily } from '../phone-family.ts'
import { BOOT_TIMES } from './boot-times.ts'
import { KNOWN_LOADS } from './known-loads.ts'
import { OTHER_LOADS, readLoadName, SIGNED_SINCE, UAL_SINCE } from './load-names.ts'
import { REQUEST_PATTERNS } from './request-patterns.ts'
import { RECOMMENDED_LOADS, UPGRADE_RULES } from './upgrade-rules.ts'

/** The Cisco 7940, 7940G, 7960 and 7960G: one firmware for all of them. */
export const FAMILY_7940_7960: PhoneFamily<'7940' | '7960'> = {
  either: '7940 or 7960',
  all: '7940 and 7960',
  models: [
    { model: '7940', loadNumber: 8, lines: 2 },
    { model: '7960', loadNumber: 7, lines: 6 },
  ],
  unknownModel: '7960',
  loads: {
    read: readLoadName,
    forms: 'P0S3-xx-y-zz, P0S3xxyy or P003xxyyzzww',
    begin: /^P0[0SM]3/i,
    ualSince: UAL_SINCE,
    signedSince: SIGNED_SINCE,
    others: OTHER_LOADS,
    known: KNOWN_LOADS,
    recommended: RECOMMENDED_LOADS,
  },
  requestPatterns: REQUEST_PATTERNS,
  upgradeRules: UPGRADE_RULES,
  bootTimes: BOOT_TIMES,
}
