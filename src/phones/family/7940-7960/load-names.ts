import type { NameParts, Protocol } from '../phone-family.ts'

/**
 * Reads a load name by the forms that Cisco has used for the 7940 and 7960.
 *
 * Character 1 is `P` for phone, 2 the digit zero for a combined image, 3 the protocol (`0` SCCP,
 * `S` SIP, `M` MGCP), 4 the processor (`3` is that of the 7940 and 7960).
 *
 * @returns Undefined where no form fits; letter case and blanks are not forgiven here.
 * @see Cisco document 5455, section "Enable SIP Functionality"
 */
export function readLoadName(text: string): NameParts | undefined {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(text)
    if (match !== null) return read(text, match.slice(1))
  }
  return undefined
}

type Form = {
  readonly pattern: RegExp
  readonly read: (text: string, groups: readonly string[]) => NameParts
}

const FORMS: readonly Form[] = [
  // SIP 3.0 and later, MGCP, and the loader of a SIP set: P0S3-08-11-00, P003-8-12-00.
  { pattern: /^P0([0SM])3-(\d{1,2})-(\d{1,2})-(\d{2})$/, read: readDashed },
  // SIP 2.3 and earlier, 8.3: P0S30203. Document 5455 logs a P0S30300 (3.0) too.
  { pattern: /^P0([SM])3(\d{2})(\d{2})$/, read: readShort },
  // SCCP renamed or shipped in 8.3 form.
  { pattern: /^P0(0)3(\d{2})(\d{2})$/, read: readShort },
  // SCCP: P00308000500 is 8.0(5), P00305000101 is 5.0(1.1).
  { pattern: /^P003(\d{2})(\d{2})(\d{2})(\d{2})$/, read: readSccp },
  // SCCP test builds: P0030702T023 is 7.2(T23).
  { pattern: /^P003(\d{2})(\d{2})T(\d{3})$/, read: readTestBuild },
  // SCCP service releases: P0030801SR02 is 8.1(2)SR2.
  { pattern: /^P003(\d{2})(\d{2})SR(\d{2})$/, read: readServiceRelease },
  // Factory SCCP of the first years; what follows AL is no release number.
  { pattern: /^P003AL([0-9A-Z]{1,4})$/, read: readFactory },
]

const PROTOCOLS: Readonly<Record<string, Protocol>> = { '0': 'sccp', S: 'sip', M: 'mgcp' }

/** The release that a service release amends is not in its name; these are known. */
const SERVICE_RELEASE_OF: Readonly<Record<string, number>> = { P0030801SR02: 2 }

/** Sorts a service release after the release that it amends, and after its builds. */
const AFTER_EVERY_BUILD = 100

function readDashed(_text: string, groups: readonly string[]): NameParts {
  const [letter = '', majorText = '', minorText = '', sub = ''] = groups
  const [major, minor, maintenance] = [Number(majorText), Number(minorText), Number(sub)]
  const shippedMajor = shippedMajorDigits(majorText, major, minor)
  return {
    // P003-… with dashes exists only as the universal application loader of a SIP set.
    protocol: letter === 'M' ? 'mgcp' : 'sip',
    role: letter === '0' ? 'loader' : 'load',
    release: maintenance === 0 ? `${major}.${minor}` : `${major}.${minor}.${maintenance}`,
    major,
    minor,
    maintenance,
    build: 0,
    shipped: `P0${letter}3-${shippedMajor}-${minor}-${sub}`,
  }
}

/** The last SIP release, 8.12, ships with one digit; all before it with two; none came after. */
function shippedMajorDigits(written: string, major: number, minor: number): string {
  const position = major * 100 + minor - 812
  if (position === 0) return '8'
  return position < 0 ? String(major).padStart(2, '0') : written
}

function readShort(text: string, groups: readonly string[]): NameParts {
  const [letter = '', major, minor] = groups
  const protocol = PROTOCOLS[letter] as Protocol
  const release = `${Number(major)}.${Number(minor)}`
  return plain(text, protocol, release, [Number(major), Number(minor), 0, 0])
}

function readSccp(text: string, groups: readonly string[]): NameParts {
  const [major = 0, minor = 0, maintenance = 0, build = 0] = groups.map(Number)
  const bracket = build === 0 ? `${maintenance}` : `${maintenance}.${build}`
  return plain(text, 'sccp', `${major}.${minor}(${bracket})`, [major, minor, maintenance, build])
}

function readTestBuild(text: string, groups: readonly string[]): NameParts {
  const [major = 0, minor = 0, build = 0] = groups.map(Number)
  return plain(text, 'sccp', `${major}.${minor}(T${build})`, [major, minor, 0, build])
}

function readServiceRelease(text: string, groups: readonly string[]): NameParts {
  const [major = 0, minor = 0, service = 0] = groups.map(Number)
  const amended = SERVICE_RELEASE_OF[text]
  const bracket = amended === undefined ? '' : `(${amended})`
  const maintenance = amended ?? AFTER_EVERY_BUILD
  const build = AFTER_EVERY_BUILD + service
  const release = `${major}.${minor}${bracket}SR${service}`
  return plain(text, 'sccp', release, [major, minor, maintenance, build])
}

function readFactory(text: string, groups: readonly string[]): NameParts {
  const [tail = ''] = groups
  return plain(text, 'sccp', `AL${tail}`, [0, 0, 0, Number.parseInt(tail, 36)])
}

function plain(
  text: string,
  protocol: Protocol,
  release: string,
  version: readonly [number, number, number, number],
): NameParts {
  const [major, minor, maintenance, build] = version
  return { protocol, role: 'load', release, major, minor, maintenance, build, shipped: text }
}

/** Where the universal application loader begins, as a major release. */
export const UAL_SINCE: Readonly<Record<Protocol, number>> = { sccp: 6, sip: 7, mgcp: 7 }

/** 5.0 and later accept signed images alone (Cisco document 5455, "Enable SIP Functionality"). */
export const SIGNED_SINCE = 5

/** Loads of other models, by how their names begin. */
export const OTHER_LOADS: readonly { readonly pattern: RegExp; readonly model: string }[] = [
  { pattern: /^P004/i, model: '7910' },
  { pattern: /^P005/i, model: '7935' },
  { pattern: /^S001/i, model: '7914' },
  { pattern: /^(?:term|sccp|sip|jar|cnu|apps|dsp|cvm)\d\d/i, model: '7941 and its relatives' },
  { pattern: /^(?:cp|ld|gk)79/i, model: '7905 or 7912' },
]
