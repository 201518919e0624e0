import { family } from './family/family.ts'
import type { NameParts, Protocol } from './family/phone-family.ts'
import { readReportedVersion } from './reported-version.ts'

/** A load of the family, as its file name tells it. */
export type FirmwareName = {
  /** The name as phones ask for it, without extension. */
  readonly text: string
  /** A loader belongs to the protocol of its set, though its own name begins with `P003`. */
  readonly protocol: Protocol
  /** A `loader` is the universal application loader of a SIP set; SCCP's shares the load's name. */
  readonly role: 'load' | 'loader'
  /** As Cisco prints it: `8.12`, `8.1(2)SR2`, `5.0(1.1)`. */
  readonly release: string
  readonly major: number
  readonly minor: number
  readonly maintenance: number
  readonly build: number
  /** Runs behind the universal application loader: SIP 7.0 and SCCP 6.0 onwards. */
  readonly ual: boolean
  /** 5.0 and later accept signed images alone, and never go below 5.0 again. */
  readonly signed: boolean
  /** Eight characters at most, all that SIP 2.1 and earlier can fetch. */
  readonly eightThree: boolean
}

/** A name, or what is wrong with it and the spelling that was probably meant, or several in words. */
export type ParsedFirmwareName =
  | { readonly kind: 'ok'; readonly name: FirmwareName }
  | { readonly kind: 'bad'; readonly fault: string; readonly suggestion: string | null }

/**
 * Reads a load name exactly as a phone would ask for it.
 *
 * @see Cisco document 5455, sections "Enable SIP Functionality" and "IP Phones go to
 *   Unprovisioned State"
 */
export function parseFirmwareName(text: string): ParsedFirmwareName {
  if (text.length > LONGEST_TEXT) return bad('is too long for a load name')
  const parts = family.loads.read(text)
  if (parts !== undefined && parts.shipped === text) return { kind: 'ok', name: toName(parts) }
  if (parts !== undefined) {
    return bad(`is spelled otherwise than release ${parts.release} ships`, parts.shipped)
  }
  const model = family.loads.others.find(({ pattern }) => pattern.test(text))
  if (model !== undefined) return bad(`is a load of the ${model.model}, not of a ${family.either}`)
  return suggest(text)
}

/** Orders by protocol, loaders before loads, then by release, oldest first. */
export function compareFirmwareNames(a: FirmwareName, b: FirmwareName): number {
  return (
    compareText(a.protocol, b.protocol) ||
    // The other way round, so that `loader` stands before `load`.
    compareText(b.role, a.role) ||
    a.major - b.major ||
    a.minor - b.minor ||
    a.maintenance - b.maintenance ||
    a.build - b.build
  )
}

/** Whether both names mean one release of one image, in whatever spelling (`P0S30300`, 3.0). */
export function sameFirmware(a: FirmwareName, b: FirmwareName): boolean {
  return compareFirmwareNames(a, b) === 0
}

/**
 * Stands for every SIP release before 4.0 where only a User-Agent is known. Traces of 1.x and 2.x name
 * no version, 4.x does (`CSCO/4`); no record shows what 3.x says, so it may be one of them.
 */
export const UNREPORTED_SIP = 3

/** The first number of a release as far as a phone tells it by itself; equal where nothing differs. */
export function majorAsReported(protocol: Protocol | null, major: number): number {
  return protocol === 'sip' ? Math.max(major, UNREPORTED_SIP) : major
}

const LONGEST_TEXT = 64

/** What people write instead, in the order in which it is put right; the first is reported. */
const MISTAKES = [
  { pattern: /^\s+|\s+$/g, fault: 'has a blank or a line end around it', right: () => '' },
  { pattern: /^(?:\.?\/)+/, fault: 'has a path before it', right: () => '' },
  {
    pattern: /\.(?:bin|sbn|sb2|loads)$/i,
    fault: 'has an extension; phones want the name without it',
    right: () => '',
  },
  {
    pattern: /[a-z]+/g,
    fault: 'has lower-case letters; phones ask in upper case',
    right: (found: string) => found.toUpperCase(),
  },
  { pattern: /O/g, fault: 'has the letter O for the digit zero', right: () => '0' },
] as const

function suggest(text: string): ParsedFirmwareName {
  let repaired = text
  let fault: string | undefined
  for (const mistake of MISTAKES) {
    const next = repaired.replace(mistake.pattern, mistake.right)
    if (next !== repaired) fault ??= mistake.fault
    repaired = next
  }
  const parts = family.loads.read(repaired)
  if (fault !== undefined && parts !== undefined) return bad(fault, parts.shipped)
  const reported = readReportedVersion(text)
  switch (reported?.kind) {
    case undefined:
      return bad(`is no load name of a ${family.either} (${family.loads.forms})`)
    case 'loads':
      return bad(
        'is a release as displays and people write it, and no load name',
        either(reported.loads),
      )
    case 'other-model':
      return bad(reported.why)
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return reported satisfies never
  }
}

function either(loads: readonly string[]): string {
  const [last, ...before] = [...loads].reverse()
  return before.length === 0 ? `${last}` : `${before.reverse().join(', ')} or ${last}`
}

function bad(fault: string, suggestion: string | null = null): ParsedFirmwareName {
  return { kind: 'bad', fault, suggestion }
}

function toName(parts: NameParts): FirmwareName {
  const { shipped: text, ...said } = parts
  return {
    text,
    ...said,
    ual: parts.role === 'loader' || parts.major >= family.loads.ualSince[parts.protocol],
    signed: parts.major >= family.loads.signedSince,
    eightThree: text.length <= 8,
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
