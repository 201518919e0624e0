import type { GenerationHint } from './conversion-plan.ts'
import type { Protocol } from './family/phone-family.ts'
import {
  majorAsReported,
  parseFirmwareName,
  sameFirmware,
  UNREPORTED_SIP,
} from './firmware-name.ts'
import { readVendorClass } from './vendor-class.ts'

/** How it became known what a phone runs. The names are part of the API. */
export const SEEN_BY = [
  'lease',
  'vendor-class',
  'requested-files',
  'registration',
  'web-page',
  'options',
] as const

/** One of them. */
export type SeenBy = (typeof SEEN_BY)[number]

/** What a phone was seen to run, as far as it told. */
export type SeenSoftware = {
  /** As the phone named it; null where it did not. It is never guessed. */
  readonly load: string | null
  readonly protocol: Protocol | null
  readonly generation: 'pre-ual' | 'ual' | null
  /** The first number of the release; 3 may stand for any SIP release before 4.0 (`UNREPORTED_SIP`). */
  readonly major: number | null
  /** When, in milliseconds since the epoch. */
  readonly atMs: number
  readonly by: SeenBy
}

type Reported = Partial<Omit<SeenSoftware, 'atMs' | 'by'>>

/** Something seen, by what it told. */
export function seen(reported: Reported, by: SeenBy, atMs: number): SeenSoftware {
  const { load = null, protocol = null, generation = null, major = null } = reported
  return { load, protocol, generation, major, atMs, by }
}

/** A load that was named by the phone, or that evidence has proved, and all that its name tells. */
export function seenLoad(load: string, by: SeenBy, atMs: number): SeenSoftware {
  const parsed = parseFirmwareName(load)
  if (parsed.kind === 'bad') return seen({ load }, by, atMs)
  const { protocol, ual, major } = parsed.name
  return seen({ load, protocol, generation: ual ? 'ual' : 'pre-ual', major }, by, atMs)
}

/** The universal loader came with these releases (Cisco document 5455; see `firmware-name.ts`). */
const UAL_SINCE = { sip: 7, sccp: 6 } as const

/**
 * What the version tells that a phone sends of itself: the generation of a SIP User-Agent (`8.0`,
 * `7`), or that of an SCCP Alarm (`7.2(2.0)`). All SIP 8.x say `8.0`: no load follows from it.
 *
 * @param version - Null for SIP 1.x and 2.x, whose User-Agent names none, and where no Alarm came. So
 *   a SIP phone without a version runs a release before 4.0.
 */
export function seenVersion(
  protocol: 'sip' | 'sccp',
  version: string | null,
  by: SeenBy,
  atMs: number,
): SeenSoftware {
  const digits = /^\d{1,2}(?=\D|$)/.exec(version ?? '')?.[0]
  if (digits !== undefined) {
    const major = Number(digits)
    const generation = major >= UAL_SINCE[protocol] ? 'ual' : 'pre-ual'
    return seen({ protocol, generation, major }, by, atMs)
  }
  const reported =
    protocol === 'sip' ? ({ generation: 'pre-ual', major: UNREPORTED_SIP } as const) : {}
  return seen({ protocol, ...reported }, by, atMs)
}

/** What a lease tells: the generation by the vendor class (option 60), or nothing but that it is there. */
export function seenOfVendorClass(vendorClass: string, atMs: number): SeenSoftware {
  const read = readVendorClass(vendorClass)
  if (read.kind !== 'family') return seen({}, 'lease', atMs)
  return seen({ generation: read.generation }, 'vendor-class', atMs)
}

/**
 * What is known after two things were seen. The later one decides where they contradict each other;
 * where they do not, the one that tells more stays, with its time, and the other fills its gaps.
 *
 * So a load that a web page named stays known while the phone registers as one of its generation, and
 * is forgotten as soon as anything shows that the phone runs something else.
 */
export function mergeSeen(one: SeenSoftware, other: SeenSoftware): SeenSoftware {
  const [older, newer] = one.atMs > other.atMs ? [other, one] : [one, other]
  if (isContradiction(older, newer)) return newer
  const [better, worse] = weightOf(newer) >= weightOf(older) ? [newer, older] : [older, newer]
  return {
    ...better,
    protocol: better.protocol ?? worse.protocol,
    generation: better.generation ?? worse.generation,
    major: better.major ?? worse.major,
  }
}

/** Whether both tell the same of the phone, whenever and however that was seen. */
export function saysTheSame(one: SeenSoftware, other: SeenSoftware): boolean {
  return TOLD.every((key) => one[key] === other[key])
}

const TOLD = ['load', 'protocol', 'generation', 'major'] as const

function isContradiction(older: SeenSoftware, newer: SeenSoftware): boolean {
  const [before, after] = [comparable(older), comparable(newer)]
  return (['protocol', 'generation', 'major'] as const).some(
    (key) => before[key] !== null && after[key] !== null && before[key] !== after[key],
  )
}

function comparable({ protocol, generation, major }: SeenSoftware) {
  return { protocol, generation, major: major === null ? null : majorAsReported(protocol, major) }
}

/** A load tells more than a protocol, that more than a generation; a lease alone tells nothing. */
function weightOf({ load, protocol, generation }: SeenSoftware): number {
  if (load !== null) return 3
  if (protocol !== null) return 2
  return generation === null ? 0 : 1
}

/** What is left for a planner that does not know the load; null where nothing was told. */
export function hintOfSeen({ generation, protocol }: SeenSoftware): GenerationHint | null {
  if (generation !== 'pre-ual') return generation
  return protocol === 'sip' || protocol === 'sccp' ? `pre-ual-${protocol}` : 'pre-ual'
}

/**
 * Whether the load that an operator names cannot be the one that was seen. A name that is no load is
 * none of this rule: a planner says what is wrong with it.
 */
export function contradictsSeen(from: string, { load, by }: SeenSoftware): boolean {
  if (load === null) return false
  const said = parseFirmwareName(from)
  const found = parseFirmwareName(load)
  if (said.kind === 'bad') return false
  if (found.kind === 'bad') return true
  // The loader is on board of every load from there on.
  if (said.name.role === 'loader') return !found.name.ual
  if (sameFirmware(said.name, found.name)) return false
  // How an Alarm names a service release is not known: it may name the release alone.
  const isService = by === 'registration' && /SR\d+$/.test(said.name.release)
  const isRelease =
    said.name.protocol === found.name.protocol &&
    said.name.major === found.name.major &&
    said.name.minor === found.name.minor
  return !(isService && isRelease)
}

/** Whether the phone was seen to run this load, in whatever spelling. */
export function isSeenOn(target: string, found: SeenSoftware | undefined): boolean {
  const wanted = parseFirmwareName(target)
  const load = parseFirmwareName(found?.load ?? '')
  return wanted.kind === 'ok' && load.kind === 'ok' && sameFirmware(wanted.name, load.name)
}
