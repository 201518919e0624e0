import type { StepMethod } from './conversion-plan.ts'

/**
 * Releases of one protocol: `atLeast` and later, before `below`. Both are release numbers, as
 * `releaseNumber` makes them.
 */
export type ReleaseRange = {
  readonly protocol: 'sccp' | 'sip'
  readonly atLeast: number
  readonly below: number
}

/** How a journey is planned: by the stricter Cisco CME guide, or as Cisco document 5455 has it. */
export type PlanPath = 'cautious' | 'direct'

/** One legal step, or one family of them. */
export type UpgradeRule = {
  readonly id: string
  readonly path: PlanPath | 'both'
  readonly from: ReleaseRange
  readonly to: ReleaseRange
  readonly method: StepMethod
  /** The step crosses from unsigned to signed images; nothing leads back below 5.0. */
  readonly oneWay: boolean
  /** 1 is a plain step; more makes the planner look for a longer and safer way. */
  readonly cost: number
  /** What else must hold; everything that is left out may be anything. */
  readonly when: {
    /** Compares major and minor release; one release's maintenance levels are not `down`. */
    readonly direction?: 'up' | 'down'
    /** Whether the name of the new load has eight characters at most. */
    readonly eightThree?: boolean
    /** Where the journey as a whole began. */
    readonly origin?: ReleaseRange
    /** Where the journey as a whole ends. */
    readonly goal?: ReleaseRange
  }
  /** In words for an operator. */
  readonly why: string
  readonly source: string
}

/** A load to take where nothing fitting is at hand: the one that the sources themselves use. */
export type RecommendedLoad = { readonly load: string; readonly why: string }

const CME = 'Cisco Unified CME administration guide, chapter on installation (cmeinstl)'
const LOAD_INFORMATION =
  'Cisco support community, "Cisco 7940 upon powering on"; Cisco phone guide for CallManager 3.2'
const READMES = 'Cisco 7940/7960 firmware readmes'
const LADDER_2004 = 'field report: "Cisco 7960/7940 SIP upgrade procedure", 2004'

/** Every legal step. The planner looks nowhere else. */
export const UPGRADE_RULES: readonly UpgradeRule[] = [
  {
    id: 'sccp-unsigned',
    path: 'both',
    from: sccp(null, '5.0'),
    to: sccp(null, '5.0'),
    method: 'xml',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'An SCCP phone takes another SCCP load from the load information in its configuration.',
    source: LOAD_INFORMATION,
  },
  {
    id: 'sccp3-sccp5',
    path: 'both',
    from: sccp(null, '5.0'),
    to: sccp('5.0', '6.0'),
    method: 'xml',
    oneWay: true,
    cost: 1,
    when: {},
    why: 'SCCP 5.x is the step between unsigned images and everything later; from here on only signed images are accepted.',
    source: `${CME}; field report: SCCP 3.1 to 5.0(5) to 8.0(9)`,
  },
  {
    id: 'sccp5-sccp5',
    path: 'both',
    from: sccp('5.0', '6.0'),
    to: sccp('5.0', '6.0'),
    method: 'xml',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'Within SCCP 5.x the load information is enough.',
    source: LOAD_INFORMATION,
  },
  {
    id: 'sccp5-sccp6',
    path: 'both',
    from: sccp('5.0', '6.0'),
    to: sccp('6.0', null),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'SCCP 5.x accepts the signed loader, which then fetches the application.',
    source: `${CME}; field report: SCCP 3.1 to 5.0(5) to 8.0(9)`,
  },
  {
    id: 'sccp6-sccp6',
    path: 'both',
    from: sccp('6.0', null),
    to: sccp('6.0', null),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'With the loader on board any later load is one step, up or down.',
    source: 'Cisco document 5455, section "SCCP Image 6.x/Later and SIP Image 7.x/Later"',
  },
  {
    id: 'sccp7-sccp5',
    path: 'both',
    from: sccp('7.0', null),
    to: sccp('5.0', '6.0'),
    method: 'xml',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'A downgrade starts from 7.x or later and goes straight to the signed target.',
    source: CME,
  },
  {
    id: 'sccp6-sccp5',
    path: 'direct',
    from: sccp('6.0', '7.0'),
    to: sccp('5.0', '6.0'),
    method: 'xml',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'Signed images may be exchanged down to 5.0.',
    source: 'Cisco document 5455, section "Enable SIP Functionality"',
  },
  {
    id: 'sccp3-sip2',
    path: 'both',
    from: sccp(null, '5.0'),
    to: sip(null, '3.0'),
    method: 'os79xx',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'Every early SCCP load takes SIP 2.3 and earlier by OS79XX.TXT.',
    source:
      'Cisco document 5455, section "SCCP Image 3.x/Earlier to SIP Image 6.x/Earlier and from SCCP Image 5.x to SIP Image 5.x/6.x"',
  },
  {
    id: 'sccp3-sip4-cautious',
    path: 'cautious',
    from: sccp(null, '5.0'),
    to: sip('3.0', '5.0'),
    method: 'os79xx',
    oneWay: false,
    cost: 2.5,
    when: {},
    why: 'OS79XX.TXT names the SIP image; a very old SCCP load refuses 3.x and 4.x and needs 2.3 first.',
    source: 'Cisco document 5455, section "Enable SIP Functionality", note on 3.x and 4.x',
  },
  {
    id: 'sccp3-sip4-direct',
    path: 'direct',
    from: sccp(null, '5.0'),
    to: sip('3.0', '5.0'),
    method: 'os79xx',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'OS79XX.TXT names the SIP image; if the phone refuses it, go through SIP 2.3.',
    source:
      'Cisco document 5455, section "SCCP Image 3.x/Earlier to SIP Image 6.x/Earlier and from SCCP Image 5.x to SIP Image 5.x/6.x"',
  },
  {
    id: 'sccp3-sip6',
    path: 'direct',
    from: sccp(null, '5.0'),
    to: sip('5.0', '7.0'),
    method: 'os79xx',
    oneWay: true,
    cost: 1,
    when: {},
    why: 'OS79XX.TXT names the SIP image; from here on only signed images are accepted.',
    source:
      'Cisco document 5455, section "SCCP Image 3.x/Earlier to SIP Image 6.x/Earlier and from SCCP Image 5.x to SIP Image 5.x/6.x"',
  },
  {
    id: 'sccp5-sip6',
    path: 'both',
    from: sccp('5.0', '6.0'),
    to: sip('5.0', '7.0'),
    method: 'os79xx',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'SCCP 5.x takes a signed SIP 5.x or 6.x image by OS79XX.TXT.',
    source:
      'Cisco document 5455, section "SCCP Image 3.x/Earlier to SIP Image 6.x/Earlier and from SCCP Image 5.x to SIP Image 5.x/6.x"',
  },
  {
    id: 'sccp3-sip7',
    path: 'direct',
    from: sccp(null, '5.0'),
    to: sip('7.0', '8.0'),
    method: 'ual',
    oneWay: true,
    cost: 1,
    when: {},
    why: 'The configuration names the loader and then the SIP image; from here on only signed images are accepted.',
    source: 'Cisco document 5455, section "SCCP Image 3.x/Earlier and 5.x to SIP Image 7.x"',
  },
  {
    id: 'sccp5-sip7',
    path: 'both',
    from: sccp('5.0', '6.0'),
    to: sip('7.0', '8.0'),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'SCCP 5.x accepts the signed loader, which then fetches the SIP application.',
    source: `Cisco document 5455, section "SCCP Image 3.x/Earlier and 5.x to SIP Image 7.x"; ${CME}`,
  },
  {
    id: 'sccp5-sip8',
    path: 'both',
    from: sccp('5.0', '6.0'),
    to: sip('8.0', null),
    method: 'ual',
    oneWay: false,
    cost: 2.5,
    when: {},
    why: 'SCCP 5.x accepts the signed loader of 8.x; with a 7.x set at hand a stop there is safer.',
    source: `${READMES}; field report: reach 7.x first, then the latest`,
  },
  {
    id: 'sccp6-sip7',
    path: 'both',
    from: sccp('6.0', null),
    to: sip('7.0', null),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'The loader on board fetches whichever application its configuration names.',
    source: 'Cisco document 5455, section "SCCP Image 6.x/Later and SIP Image 7.x/Later"',
  },
  {
    id: 'sip21-sip2',
    path: 'both',
    from: sip(null, '2.2'),
    to: sip(null, '3.0'),
    method: 'image_version',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'SIP 2.1 and earlier fetch no name longer than 8.3; SIP 2.3 has such a name and lifts the limit.',
    source: 'Cisco document 5455, section "SIP Phone not Accepting SCCP Load"',
  },
  {
    id: 'sip22-sip4',
    path: 'both',
    from: sip('2.2', '5.0'),
    to: sip(null, '5.0'),
    method: 'image_version',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'Unsigned SIP loads replace each other by image_version; 2.x needs a SIPDefault.cnf of one line.',
    source: `Cisco document 5455, section "W210 TFTP Error : buffer full"; ${LADDER_2004}`,
  },
  {
    id: 'sip44-sip5',
    path: 'cautious',
    from: sip('4.4', '5.0'),
    to: sip('5.0', '6.0'),
    method: 'image_version',
    oneWay: true,
    cost: 1,
    when: {},
    why: 'SIP 4.4 to 5.3 is the way over to signed images; from here on only those are accepted.',
    source: CME,
  },
  {
    id: 'sip4-sip6',
    path: 'direct',
    from: sip('2.2', '5.0'),
    to: sip('5.0', '7.0'),
    method: 'image_version',
    oneWay: true,
    cost: 1,
    when: {},
    why: 'SIP 4.x and earlier go to 6.3 first; from here on only signed images are accepted.',
    source: 'Cisco document 5455, section "SIP Images 4.x/Earlier to SCCP Images 6.x/Later"',
  },
  {
    id: 'sip5-sip6',
    path: 'both',
    from: sip('5.0', '7.0'),
    to: sip('5.0', '7.0'),
    method: 'image_version',
    oneWay: false,
    cost: 1,
    when: { direction: 'up' },
    why: 'SIP 5.x goes to 6.x before any loader.',
    source: CME,
  },
  {
    id: 'sip6-sip5',
    path: 'direct',
    from: sip('5.0', '7.0'),
    to: sip('5.0', '7.0'),
    method: 'image_version',
    oneWay: false,
    cost: 1,
    when: { direction: 'down' },
    why: 'Signed images may be exchanged down to 5.0.',
    source: 'Cisco document 5455, section "Enable SIP Functionality"',
  },
  {
    id: 'sip6-sip7',
    path: 'both',
    from: sip('6.0', '7.0'),
    to: sip('7.0', '8.0'),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'SIP 6.x accepts the signed loader, which then fetches SIP 7.x; 8.x comes after that.',
    source: `${CME}; field report: "Using Cisco IP Phones with Asterisk", 2005`,
  },
  {
    id: 'sip7-sip7',
    path: 'both',
    from: sip('7.0', null),
    to: sip('7.0', null),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'With the loader on board any later load is one step, up or down.',
    source: 'Cisco document 5455, section "SCCP Image 6.x/Later and SIP Image 7.x/Later"',
  },
  {
    id: 'sip7-sip6',
    path: 'both',
    from: sip('7.0', null),
    to: sip('5.0', '7.0'),
    method: 'image_version',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'A downgrade starts from 7.x or later and goes straight to the signed target.',
    source: CME,
  },
  {
    id: 'sip21-sccp-eight-three',
    path: 'both',
    from: sip(null, '2.2'),
    to: sccp(null, '5.0'),
    method: 'os79xx',
    oneWay: false,
    cost: 1,
    when: { eightThree: true, goal: sccp(null, '5.0') },
    why: 'SIP 2.1 and earlier accept an SCCP load whose name has eight characters at most.',
    source: 'Cisco document 5455, section "SIP Phone not Accepting SCCP Load"',
  },
  {
    id: 'sip21-sccp-short-name',
    path: 'both',
    from: sip(null, '2.2'),
    to: sccp(null, '5.0'),
    method: 'os79xx',
    oneWay: false,
    // Upgrading SIP first is the document's first choice, and needs no renamed file.
    cost: 2.5,
    when: { eightThree: false, goal: sccp(null, '5.0') },
    why: 'SIP 2.1 and earlier accept no longer name than 8.3, so the image is offered under a short one.',
    source: 'Cisco document 5455, section "SIP Phone not Accepting SCCP Load"',
  },
  {
    id: 'sip4-sccp3',
    path: 'both',
    from: sip('2.2', '5.0'),
    to: sccp(null, '5.0'),
    method: 'os79xx',
    oneWay: false,
    cost: 1,
    when: { goal: sccp(null, '5.0') },
    why: 'Unsigned SIP and SCCP loads replace each other by OS79XX.TXT.',
    source: 'Cisco document 5455, section "SIP Images 4.x/Earlier to SCCP Images 5.x/Earlier"',
  },
  {
    id: 'sip4-sccp5',
    path: 'direct',
    from: sip('2.2', '5.0'),
    to: sccp('5.0', '6.0'),
    method: 'os79xx',
    oneWay: true,
    cost: 1,
    when: { goal: sccp('5.0', '6.0') },
    why: 'OS79XX.TXT names the SCCP image; from here on only signed images are accepted.',
    source: 'Cisco document 5455, section "SIP Images 4.x/Earlier to SCCP Images 5.x/Earlier"',
  },
  {
    id: 'sip63-sccp6',
    path: 'direct',
    from: sip('6.3', '7.0'),
    to: sccp('6.0', null),
    method: 'ual',
    oneWay: false,
    cost: 1,
    // The section speaks of phones that come from 4.x; others go by the CME guide, through 7.x.
    when: { origin: sip(null, '5.0') },
    why: 'After 6.3 the signed loader of the SCCP set is accepted.',
    source: 'Cisco document 5455, section "SIP Images 4.x/Earlier to SCCP Images 6.x/Later"',
  },
  {
    id: 'sip7-sccp5',
    path: 'both',
    from: sip('7.0', null),
    to: sccp('5.0', '6.0'),
    method: 'image_version',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'The SCCP image is named by image_version; SIP comes up to 7.x before it leaves for SCCP.',
    source: `Cisco document 5455, section "SIP Images 7.x/Later to SCCP Images 5.x/Later"; ${CME}`,
  },
  {
    id: 'sip7-sccp6',
    path: 'both',
    from: sip('7.0', null),
    to: sccp('6.0', null),
    method: 'ual',
    oneWay: false,
    cost: 1,
    when: {},
    why: 'The loader on board fetches whichever application its configuration names.',
    source: `Cisco document 5455, section "SIP Images 7.x/Later to SCCP Images 5.x/Later"; ${CME}`,
  },
]

/** The loads that the sources use as rungs, one for each that a ladder may need. */
export const RECOMMENDED_LOADS: readonly RecommendedLoad[] = [
  { load: 'P0S30203', why: 'SIP 2.3, the last with an 8.3 name' },
  { load: 'P0S3-04-4-00', why: 'SIP 4.4, the last unsigned rung of the CME ladder' },
  { load: 'P0S3-05-3-00', why: 'SIP 5.3, the first signed rung of the CME ladder' },
  { load: 'P0S3-06-3-00', why: 'SIP 6.3, which document 5455 asks for' },
  { load: 'P0S3-07-4-00', why: 'SIP 7.4, which the CME guide uses' },
  { load: 'P00305000500', why: 'SCCP 5.0(5), reported to lead from 3.1 to 8.0' },
  { load: 'P00307020300', why: 'SCCP 7.2(3), which the CME guide uses' },
]

/** A release as a number that sorts: 603 for 6.3. Minor releases have two digits at most. */
export function releaseNumber(major: number, minor: number): number {
  return major * 100 + minor
}

/** Major and minor release, as `6.3`. */
type Release = `${number}.${number}`

function sccp(atLeast: Release | null, below: Release | null): ReleaseRange {
  return { protocol: 'sccp', ...limits(atLeast, below) }
}

function sip(atLeast: Release | null, below: Release | null): ReleaseRange {
  return { protocol: 'sip', ...limits(atLeast, below) }
}

function limits(atLeast: Release | null, below: Release | null) {
  return {
    atLeast: atLeast === null ? 0 : numberOf(atLeast),
    below: below === null ? Number.POSITIVE_INFINITY : numberOf(below),
  }
}

function numberOf(release: Release): number {
  const [major, minor] = release.split('.')
  return releaseNumber(Number(major), Number(minor))
}
