import { family } from './family/family.ts'
import type { NameParts, Protocol } from './family/phone-family.ts'

/** What a version means as displays, files and forums write it. */
export type ReportedVersion =
  /** Load names that it may mean: each protocol's own, and those known of an inexact release. */
  | { readonly kind: 'loads'; readonly loads: readonly string[] }
  /** Releases of other models are written so. */
  | { readonly kind: 'other-model'; readonly why: string }

/**
 * Reads a version that is no load name: `7.2`, `8.1(2.0)`, `8-12-00`, `SIP 8.12`, `P0S3-08-12`, `8.0.10`,
 * `8.1(2)SR2`, `8.x`, `Cisco-CP7960G/8.0`, `cmterm-7940-7960-sccp.8-1-2`.
 *
 * Which protocol is meant is rarely said, and both have had most of the numbers: then both are told.
 *
 * @returns Undefined where the text is no version.
 */
export function readReportedVersion(text: string): ReportedVersion | undefined {
  const match = VERSION.exec(text.trim())
  if (match?.groups === undefined) return undefined
  const { before = '', major = '', minor, maintenance, build, service, java } = match.groups
  if (!WORDS.test(before)) return undefined
  const numbers = [major, minor, maintenance, build].map((part) =>
    part === undefined || part === 'x' ? undefined : Number(part),
  )
  if (java !== undefined) return { kind: 'other-model', why: JAVA }
  const said: Said = {
    protocol: protocolIn(before),
    numbers,
    service: service === undefined ? undefined : Number(service),
    isBracketed: match[0].includes('('),
  }
  const loads = [...new Set([...sipLoads(said), ...sccpLoads(said)])]
  return loads.length > 0 ? { kind: 'loads', loads } : { kind: 'other-model', why: TOO_NEW }
}

type Said = {
  readonly protocol: Protocol | undefined
  /** Major, minor, maintenance, build, as far as they are said. */
  readonly numbers: readonly (number | undefined)[]
  /** Of a service release. */
  readonly service: number | undefined
  /** Only SCCP's releases have brackets; people write SIP's 8.12 as `8.12(0)` at most. */
  readonly isBracketed: boolean
}

const VERSION =
  /^(?<before>[a-z0-9][a-z0-9 ._/-]{0,40}?(?:[ ._/-]|(?<=sip|sccp|v|version)))??v?(?<major>\d{1,2})(?:[.-](?<minor>\d{1,2}|x)(?:(?:[.-]|\()(?<maintenance>\d{1,2}|x)(?:[.-](?<build>\d{1,2}))?\)?)?)?(?:[ ._-]?SR ?(?<service>\d{1,2}))?(?<java>s)?(?:\.(?:zip|bin|sbn|sb2|loads))?$/i

/** What may stand before a version of these phones. */
const WORDS =
  /^(?:(?:cisco|csco|cp|ip|phone|sip|sccp|skinny|firmware|load|image|app|application|id|version|ver|v|release|cmterm|p0s3|p003|(?:cp-?)?79[46]0g?)[ ._/-]*)*$/i

const JAVA =
  'is written as releases of the 7941, 7961 and their relatives are (SIP41.8-5-4S, SCCP41.9-2-1S)'
const TOO_NEW = `is no release of a ${family.either}: their last ones are SIP 8.12 and SCCP 8.1(2)SR2`

function protocolIn(before: string): Protocol | undefined {
  if (/sip|p0s3|csco|cisco-cp/i.test(before)) return 'sip'
  return /sccp|skinny|p003/i.test(before) ? 'sccp' : undefined
}

function sipLoads({ protocol, numbers, service, isBracketed }: Said): readonly string[] {
  const [major = 0, minor, maintenance = 0, build] = numbers
  if (protocol === 'sccp' || service !== undefined || build !== undefined) return []
  if (minor === undefined) return knownLoads('sip', major)
  // If nothing says that it is SIP, a third number is SCCP's: all of SIP's that are known are zero.
  const isSccps = maintenance !== 0 && (isBracketed || protocol === undefined)
  if (isSccps || isBeyond('sip', major, minor)) return []
  // SIP 2.3 and earlier have names of 8.3 (Cisco document 5455, "Enable SIP Functionality").
  const spelt =
    major < 3 ? `P0S3${two(major)}${two(minor)}` : `P0S3-${two(major)}-${minor}-${two(maintenance)}`
  return [shipped(spelt)]
}

function sccpLoads({ protocol, numbers, service }: Said): readonly string[] {
  const [major = 0, minor, maintenance, build = 0] = numbers
  if (protocol === 'sip') return []
  if (minor === undefined) return knownLoads('sccp', major)
  if (isBeyond('sccp', major, minor)) return []
  const release = `P003${two(major)}${two(minor)}`
  if (service !== undefined) return [`${release}SR${two(service)}`]
  const exact = `${release}${two(maintenance ?? 0)}${two(build)}`
  return maintenance === undefined ? [exact, ...knownLoads('sccp', major, minor)] : [exact]
}

function knownLoads(protocol: Protocol, major: number, minor?: number): readonly string[] {
  return family.loads.known
    .filter(({ load }) => {
      const parts = family.loads.read(load) as NameParts
      return (
        parts.protocol === protocol &&
        parts.major === major &&
        (minor === undefined || parts.minor === minor)
      )
    })
    .map(({ load }) => load)
}

/** No release of these phones came after the last one that is known. */
function isBeyond(protocol: Protocol, major: number, minor: number): boolean {
  return family.loads.known.every(({ load }) => {
    const parts = family.loads.read(load) as NameParts
    return parts.protocol !== protocol || major * 100 + minor > parts.major * 100 + parts.minor
  })
}

/** As its release ships it: 8.12 has one digit where all before it have two. */
function shipped(spelt: string): string {
  return (family.loads.read(spelt) as NameParts).shipped
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
