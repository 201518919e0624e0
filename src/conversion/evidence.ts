import { family } from '../phones/family/family.ts'
import { parseFirmwareName } from '../phones/firmware-name.ts'
import { readRequestedFile } from '../phones/requested-file.ts'
import { isSeenOn, seenLoad } from '../phones/seen-software.ts'
import type { BootState } from './boot-state.ts'
import { clockMs, type PhoneTime, phoneMsBetween } from './phone-time.ts'
import { canBeOldApplication, isUntouched, type StepFacts } from './step-facts.ts'
import type { Target } from './target.ts'

/** What was seen that proves a load, strongest first. The names are part of the API. */
export const EVIDENCE_KINDS = [
  'registration',
  'phone-answer',
  'application-files',
  'second-boot',
  'quiet',
] as const

/** One of them. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** Something that a phone did and that counts as proof. */
export type Evidence = {
  readonly atMs: number
  readonly kind: EvidenceKind
  /** A sentence. */
  readonly detail: string
}

/** A phone that has registered with this appliance, as its message tells it. */
export type RegistrationSeen = {
  readonly protocol: 'sip' | 'sccp'
  /** SIP: the generation of the User-Agent, such as `8.0`. SCCP: `a.b(c.d)` of the Alarm. */
  readonly version: string | null
  readonly atMs: number
}

/** All that evidence is judged by. */
export type StepView = {
  readonly target: Target
  readonly facts: StepFacts
  readonly boot: BootState | null
  readonly nowMs: number
  readonly time: PhoneTime
  /** The load that the phone is said or proved to run; null or left out if unknown. */
  readonly running?: string | null
  /** The load that the phone's own web page has named in this step; left out if it was not requested. */
  readonly pageLoad?: string | null
}

/** What a step's evidence says now. */
export type Judgement =
  | { readonly kind: 'proved'; readonly evidence: Evidence }
  /** Proved, unless the phone asks for something else until then. */
  | { readonly kind: 'proved-if-quiet'; readonly untilMs: number }
  | { readonly kind: 'open' }

/** Nothing that was seen proves the load. */
export const NOT_PROVED: Judgement = { kind: 'open' }

const TIMES = family.bootTimes

/** One way to prove a load. A new trace changes a row, not the design. */
type Row = {
  readonly id: string
  readonly kind: EvidenceKind
  /** Where the rule comes from; `inferred` where no trace shows it. */
  readonly source: string
  readonly judge: (view: StepView) => { readonly detail: string; readonly untilMs?: number } | null
}

const JH = 'field traces of eight conversions (github.com/julianhead/CiscoPhones, tftplog, 2021)'
const TEO = 'field traces of a 7960 with SIP 8.12 (tdtemcerts.blogspot.com, 2020)'
const FI = 'the page of a 7940 with SCCP 8.1 (FusionInventory, 2013)'
const DOC = 'Cisco document 5455, section "TFTP Server Log of a Phone Booting Up"'

/** What proves what. Asked in this order; the first row that holds decides. */
export const EVIDENCE_ROWS: readonly Row[] = [
  {
    id: 'web-page',
    kind: 'phone-answer',
    source: `${FI}: App Load ID is the name of the load; SIP loads have no page (Funkfeuer wiki)`,
    judge: ({ target, pageLoad = null }) => {
      const named = pageLoad === null ? null : seenLoad(pageLoad, 'web-page', 0)
      if (named === null || !isSeenOn(target.load, named)) return null
      return { detail: `Its web page names ${pageLoad} as App Load ID.` }
    },
  },
  {
    id: 'other-protocol',
    kind: 'application-files',
    source: `${JH}; the SCCP application of two of them is seen before`,
    judge: (view) => {
      const { target, facts } = view
      const started = startedTarget(view)
      if (started === null || !isReached(facts)) return null
      const { protocol } = facts.before
      if (protocol === null || protocol === target.protocol) return null
      return {
        detail: `It ran ${name(protocol)} before, and asks for files of ${name(target.protocol)} alone.`,
      }
    },
  },
  {
    id: 'other-generation',
    kind: 'application-files',
    source: `${DOC}: every load before the loader begins with OS79XX.TXT; inferred for this way`,
    judge: ({ target, facts, boot }) => {
      if (target.ual || facts.lastImageAtMs === null || facts.before.generation !== 'ual')
        return null
      if (boot?.asked.includes('os79xx') !== true) return null
      return { detail: 'It had a universal loader before, and now starts without one.' }
    },
  },
  {
    id: 'late-start',
    kind: 'application-files',
    source: `${JH}: 38 to 53 s after the image; SCCP inferred`,
    judge: (view) => {
      const started = startedTarget(view)
      if (started === null || !view.target.ual || !isRefusalExcluded(view)) return null
      const seconds = secondsBehindImage(view, started.atMs)
      return { detail: `Its application started ${seconds} s after the image had arrived whole.` }
    },
  },
  {
    id: 'content-loader',
    kind: 'application-files',
    source: `${TEO}: 23 to 24 s after .loads`,
    judge: (view) => {
      const { target } = view
      const started = startedTarget(view)
      if (started === null || !target.ual || !isContentLoader(view)) return null
      return {
        detail: `Its loader read ${target.load}.loads, asked for no image, and started the application.`,
      }
    },
  },
  {
    id: 'second-start',
    kind: 'second-boot',
    source: `${DOC}; inferred: two starts are no accident`,
    judge: (view) => {
      const { facts, target } = view
      if (facts.contentStarts < 1 || !isContentNow(view)) return null
      return {
        detail: `It started twice, read what names ${target.load}, and asked for no image.`,
        untilMs: afterLastRequest(view, TIMES.imageWouldFollowMs),
      }
    },
  },
  {
    id: 'quiet-start',
    kind: 'second-boot',
    source: `${DOC}: an image request follows within a second or two`,
    judge: (view) => {
      const { target } = view
      if (!isContentNow(view) || (isSaidToBeElsewhere(view) && !hasGoneOn(view))) return null
      return {
        detail: `It started, read what names ${target.load}, and asked for no image within 20 s.`,
        untilMs: afterLastRequest(view, TIMES.quietStartMs),
      }
    },
  },
  {
    id: 'sccp-start',
    kind: 'quiet',
    source: `${JH}: the SCCP application reads CTLSEP and SEP by itself, the loader goes on to .loads`,
    judge: (view) => {
      const { target, facts, boot } = view
      if (!target.ual || target.protocol !== 'sccp' || boot === null) return null
      if (facts.application?.protocol !== null || boot.asked.at(-1) !== 'sep-xml') return null
      if (!isRefusalExcluded(view) && !isContentLoader(view)) return null
      return {
        detail: 'It read its configuration as the SCCP application does, and asked for no .loads.',
        untilMs: afterLastRequest(view, TIMES.loadsWouldFollowMs),
      }
    },
  },
  {
    id: 'sccp-silence',
    kind: 'quiet',
    source: 'inferred: an SCCP application may have nothing to ask from TFTP',
    judge: (view) => {
      const { target, facts, boot } = view
      if (!target.ual || target.protocol !== 'sccp' || facts.application !== null) return null
      if (facts.oldProtocol === 'sccp' || isSaidToBeElsewhere(view)) return null
      // After .loads an image was still to come, as it was in an earlier start.
      if (facts.lastImageAtMs === null && !isUntouched(facts)) return null
      const sinceMs = Math.max(facts.loadsAtMs ?? 0, facts.lastImageAtMs ?? 0)
      if (sinceMs === 0) return null
      return {
        detail: 'It asked for nothing for 75 s; a phone that refuses an image comes back before.',
        untilMs:
          Math.max(sinceMs, boot?.lastRequestAtMs ?? 0) + clockMs(view.time, TIMES.silenceMs),
      }
    },
  },
]

/** An application that has read its configuration shows its page soon; inferred. */
const PAGE_BEHIND_APPLICATION_MS = 5_000

/**
 * After the last image an application starts after 38 to 53 s (field traces, SIP; SCCP inferred), and
 * 8 to 9 s after `.loads`. An SCCP application may ask for nothing that would show its start.
 */
const PAGE_BEHIND_IMAGE_MS = 60_000
const PAGE_BEHIND_LOADS_MS = 30_000

/**
 * When the target should be running, so that the phone's own page would name it; null where nothing
 * says so, and for SIP, whose loads have no page (Funkfeuer wiki).
 */
export function pageDueMs({ target, facts, time }: StepView): number | null {
  if (target.protocol !== 'sccp') return null
  const { application, lastImageAtMs, loadsAtMs } = facts
  if (application !== null) return application.atMs + clockMs(time, PAGE_BEHIND_APPLICATION_MS)
  if (lastImageAtMs !== null) return lastImageAtMs + clockMs(time, PAGE_BEHIND_IMAGE_MS)
  return loadsAtMs === null ? null : loadsAtMs + clockMs(time, PAGE_BEHIND_LOADS_MS)
}

/** Judges whether the phone runs the target. */
export function judgeEvidence(view: StepView): Judgement {
  let earliestMs = Number.POSITIVE_INFINITY
  for (const { kind, judge } of EVIDENCE_ROWS) {
    const found = judge(view)
    if (found === null) continue
    const { detail, untilMs = view.nowMs } = found
    if (untilMs <= view.nowMs)
      return { kind: 'proved', evidence: { atMs: view.nowMs, kind, detail } }
    earliestMs = Math.min(earliestMs, untilMs)
  }
  return Number.isFinite(earliestMs) ? { kind: 'proved-if-quiet', untilMs: earliestMs } : NOT_PROVED
}

/**
 * Whether a refusal of the last image is excluded: the phone asked for the first file of an
 * application so late that it cannot be one that was there before.
 */
function isRefusalExcluded({ target, facts, time }: StepView): boolean {
  const { application, lastImageAtMs } = facts
  if (application === null || lastImageAtMs === null) return false
  return !canBeOldApplication(target, facts, time)
}

/**
 * Since when an application runs that started too early to be the target, in milliseconds of the
 * clock; null where none does.
 */
export function suspectedSinceMs({ target, facts, time }: StepView): number | null {
  const { application } = facts
  if (!target.ual || application === null) return null
  return canBeOldApplication(target, facts, time) ? application.atMs : null
}

/**
 * What a registration proves of the target: null where its message cannot tell the load before from
 * the target and a refusal is not excluded.
 */
export function judgeRegistration(view: StepView, seen: RegistrationSeen): Evidence | null {
  const { target, facts } = view
  if (seen.protocol !== target.protocol) return null
  if (seen.protocol === 'sccp') return judgeAlarm(view, seen)
  if (!isReached(facts) || !isOfGeneration(seen.version, target)) return null
  const { protocol, load } = facts.before
  const tellsApart =
    (protocol !== null && protocol !== seen.protocol) || isOtherGeneration(load, target)
  const isExcluded =
    startedTarget(view) !== null && (isRefusalExcluded(view) || isContentLoader(view))
  return tellsApart || isExcluded ? registration(seen, 'SIP') : null
}

/** The Alarm names the load itself; of a service release it names the release alone. */
function judgeAlarm(view: StepView, seen: RegistrationSeen): Evidence | null {
  const parsed = parseFirmwareName(view.target.load)
  const reported = /^(\d+)\.(\d+)\((\d+)(?:\.(\d+))?/.exec(seen.version ?? '')
  if (parsed.kind === 'bad' || reported === null) return null
  const { major, minor, maintenance, build, release } = parsed.name
  const [, ...numbers] = reported.map((part) => Number(part ?? 0))
  const isRelease = numbers[0] === major && numbers[1] === minor
  const isWhole = isRelease && numbers[2] === maintenance && numbers[3] === build
  const isService = release.includes('SR')
  const counts = isService ? isRelease && isRefusalExcluded(view) : isWhole
  return counts ? registration(seen, 'SCCP') : null
}

/** All SIP 8.x say 8.0: the generation tells two loads apart only where it differs. */
function isOtherGeneration(load: string | null, target: Target): boolean {
  const before = load === null ? null : parseFirmwareName(load)
  const after = parseFirmwareName(target.load)
  if (before?.kind !== 'ok' || after.kind !== 'ok') return false
  return before.name.protocol !== after.name.protocol || before.name.major !== after.name.major
}

function isOfGeneration(version: string | null, target: Target): boolean {
  const parsed = parseFirmwareName(target.load)
  if (parsed.kind === 'bad' || version === null) return false
  return Number.parseInt(version, 10) === parsed.name.major
}

function registration({ atMs, version }: RegistrationSeen, protocol: string): Evidence {
  return { atMs, kind: 'registration', detail: `It registered by ${protocol} and said ${version}.` }
}

/** A file of the target's application that no loader asks for, since the image or `.loads`. */
function startedTarget({ target, facts }: StepView) {
  const { application } = facts
  return application?.protocol === target.protocol ? application : null
}

/** The loader read the target's `.loads`, asked for no image, and an application started after it. */
function isContentLoader({ target, facts, time }: StepView): boolean {
  const { application, loadsAtMs, lastImageAtMs, before } = facts
  if (application === null || loadsAtMs === null || lastImageAtMs !== null) return false
  // A load that was proved a step ago cannot be the target without an image.
  const isAnother = before.load !== null && before.load !== target.load
  if (isAnother && isUntouched(facts)) return false
  return phoneMsBetween(time, loadsAtMs, application.atMs) <= TIMES.latestStartAfterLoadsMs
}

/** The target can be in flash: its last image arrived, or its `.loads` was read and was enough. */
function isReached({ lastImageAtMs, loadsAtMs }: StepFacts): boolean {
  return lastImageAtMs !== null || loadsAtMs !== null
}

const SIP_CONFIGURATION = ['sip-default', 'sip-phone'] as const
/** They name the load: a phone that reads one and asks for no image runs what it names. */
const SCCP_CONFIGURATION = ['sep-xml', 'xml-default'] as const
/** Asked for by loads without XML; they name nothing, and only show the protocol. */
const OLD_SCCP_CONFIGURATION = ['sep-cnf', 'sep-default'] as const

/**
 * Whether a start without a loader went as that of a phone that runs the target: it read its own
 * protocol's configuration, which names the load, and asked for no image.
 *
 * @param arrived - Whether the target's last image arrived whole before.
 */
export function isContentStart(target: Target, boot: BootState, arrived: boolean): boolean {
  if (target.ual || hasAskedForImage(boot) || !boot.asked.includes('os79xx')) return false
  const asked = (kinds: readonly BootState['asked'][number][]) =>
    kinds.some((kind) => boot.asked.includes(kind))
  // What was not there has named no load.
  const absent = boot.absent.map((name) => readRequestedFile(name).kind)
  const read = (kinds: readonly BootState['asked'][number][]) =>
    asked(kinds.filter((kind) => !absent.includes(kind)))
  if (target.protocol === 'sip') return read(SIP_CONFIGURATION)
  return read(SCCP_CONFIGURATION) || (arrived && asked(OLD_SCCP_CONFIGURATION))
}

/** The kinds asked for outlive a restart of the appliance, the names do not. */
function hasAskedForImage({ images, asked }: BootState): boolean {
  return images.length > 0 || asked.includes('image')
}

/** An image request, had there been one to come, would have come by then. */
export function isSettledStart(boot: BootState, nowMs: number, time: PhoneTime): boolean {
  return phoneMsBetween(time, lastRequestOf(boot), nowMs) >= TIMES.imageWouldFollowMs
}

function isContentNow({ target, boot, facts }: StepView): boolean {
  return boot !== null && isContentStart(target, boot, facts.lastImageAtMs !== null)
}

/**
 * It is said to run another load, and nothing of the target was asked for: one that fell silent
 * lost its power, for all that is known, just ahead of asking.
 */
function isSaidToBeElsewhere({ target, facts, running = null }: StepView): boolean {
  return running !== null && running !== target.load && isUntouched(facts)
}

/** It asked for what comes after the files that name a load (Cisco SIP IP phone guide 4.0). */
function hasGoneOn({ boot }: StepView): boolean {
  return (['ringlist-dat', 'dialplan', 'ringlist-xml'] as const).some(
    (kind) => boot?.asked.includes(kind) === true,
  )
}

function afterLastRequest({ boot, time }: StepView, windowMs: number): number {
  return lastRequestOf(boot as BootState) + clockMs(time, windowMs)
}

/** A phone that has read a configuration file has requested it. */
function lastRequestOf({ lastRequestAtMs }: BootState): number {
  return lastRequestAtMs as number
}

/** Only asked where the last image has arrived. */
function secondsBehindImage({ facts, time }: StepView, atMs: number): number {
  return Math.round(phoneMsBetween(time, facts.lastImageAtMs as number, atMs) / 1000)
}

function name(protocol: 'sip' | 'sccp'): string {
  return protocol.toUpperCase()
}
