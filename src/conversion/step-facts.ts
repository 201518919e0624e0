import { family } from '../phones/family/family.ts'
import { generationOfFirstRequest, type RequestedFile } from '../phones/requested-file.ts'
import type { BootState, Generation } from './boot-state.ts'
import { type PhoneTime, phoneMsBetween } from './phone-time.ts'
import { isImageOf, isLastImageOf, type Target } from './target.ts'

/** How far a phone is in a step, from first to last. */
export const MILESTONES = [
  'nothing',
  'address',
  'first-file',
  'load-named',
  'loader-asked',
  'loader-whole',
  'last-image-asked',
  'last-image-whole',
  'started-again',
] as const

/** One of them. */
export type Milestone = (typeof MILESTONES)[number]

/** A file of the target that arrived whole, and how often since the phone last got further. */
export type WholeFile = { readonly file: string; readonly times: number; readonly atMs: number }

/** The first file that an application has asked for since it can have been started. */
export type ApplicationStart = {
  readonly atMs: number
  readonly file: RequestedFile['kind']
  /** Files of this protocol's application; null where a loader asks the same names. */
  readonly protocol: 'sip' | 'sccp' | null
}

/**
 * What a phone has shown of one step, over all its starts. Plain data, stored with the step, so that
 * a restart of the appliance forgets none of it. Times are those of the clock, in milliseconds.
 */
export type StepFacts = {
  readonly furthest: Milestone
  /** Bytes of the image under way, at `furthest`. */
  readonly furthestBytes: number
  /** The end of the target's last image, whole; the latest one. */
  readonly lastImageAtMs: number | null
  /** `.loads` of the target was read whole, and no image of the target was asked for since. */
  readonly loadsAtMs: number | null
  /** Since the last image or the last `.loads`, whichever came later. */
  readonly application: ApplicationStart | null
  /** What the phone itself has shown of the load before this step, ahead of the last image. */
  readonly before: {
    readonly protocol: 'sip' | 'sccp' | null
    readonly generation: Generation | null
    /** The load of the step before, where evidence has proved it; never what an operator says. */
    readonly load: string | null
  }
  readonly whole: readonly WholeFile[]
  /** Starts since the phone last got further, without those directly after another. */
  readonly starts: number
  readonly startedAtMs: number | null
  /** The old application has run since the last image arrived whole. */
  readonly suspected: boolean
  /** The protocol of that application, so that its files alone prove nothing of a target of the same. */
  readonly oldProtocol: 'sip' | 'sccp' | null
  /** A file of the target that the phone asks for again although it has had it: it was refused. */
  readonly refused: string | null
  /** Earlier starts without a loader in which it read what names its load and asked for no image. */
  readonly contentStarts: number
  /** What the present start has shown, so that a restart of the appliance in its midst loses nothing. */
  readonly start: StartSeen | null
}

/** The part of a start that evidence and file views are judged by. */
export type StartSeen = Pick<BootState, 'generation' | 'asked'> & {
  readonly lastRequestAtMs: number
}

/** Before the phone has done anything. */
export const NO_FACTS: StepFacts = {
  furthest: 'nothing',
  furthestBytes: 0,
  lastImageAtMs: null,
  loadsAtMs: null,
  application: null,
  before: { protocol: null, generation: null, load: null },
  whole: [],
  starts: 0,
  startedAtMs: null,
  suspected: false,
  oldProtocol: null,
  refused: null,
  contentStarts: 0,
  start: null,
}

/**
 * Files that the application of one protocol asks for, and neither the other one nor a loader.
 * Sources: the traces of nine phones (github.com/julianhead/CiscoPhones, `tftplog`) for
 * `SIPDefault.cnf` and the two locale files; of a 7960 (tdtemcerts.blogspot.com, 2020) for
 * `RINGLIST.DAT` and `dialplan.xml`; strings of SCCP 8.1 for `RINGLIST.XML`.
 */
const APPLICATION_FILES: Readonly<Partial<Record<RequestedFile['kind'], 'sip' | 'sccp'>>> = {
  'sip-default': 'sip',
  'ringlist-dat': 'sip',
  dialplan: 'sip',
  'ringlist-xml': 'sccp',
  locale: 'sccp',
}

/**
 * Without a loader there is no hunt, so these show the protocol as well (Cisco CallManager 3.2 guide;
 * Cisco SIP IP phone administrator guide 4.0).
 */
const WITHOUT_LOADER: typeof APPLICATION_FILES = {
  'sip-phone': 'sip',
  'sep-xml': 'sccp',
  'sep-cnf': 'sccp',
  'xml-default': 'sccp',
  'sep-default': 'sccp',
}

/** A moment of the clock, and how fast phones live by it. */
export type Moment = { readonly nowMs: number; readonly time: PhoneTime }

/** Whether the phone has got further than when it was at `mark` with so many bytes. */
export function isFurther(
  { furthest, furthestBytes }: StepFacts,
  mark: Pick<StepFacts, 'furthest' | 'furthestBytes'>,
): boolean {
  const rank = MILESTONES.indexOf(furthest) - MILESTONES.indexOf(mark.furthest)
  return rank > 0 || (rank === 0 && furthestBytes > mark.furthestBytes)
}

/** Whether nothing but the bytes of the image under way differs. */
export function isOnlyBytes(facts: StepFacts, before: StepFacts): boolean {
  const keys = Object.keys(facts) as (keyof StepFacts)[]
  return keys.every((key) => key === 'furthestBytes' || facts[key] === before[key])
}

/** The facts once the phone has come as far as `milestone`; the same ones where it was there. */
export function reach(facts: StepFacts, milestone: Milestone, bytes = 0): StepFacts {
  const mark = { ...facts, furthest: milestone, furthestBytes: bytes, starts: 0 }
  if (!isFurther(mark, facts)) return facts
  // More bytes of the same file leave all counts, and a phone that starts again after its last image
  // may have taken it or refused it.
  const isAhead = milestone !== facts.furthest && milestone !== 'started-again'
  return isAhead ? { ...mark, whole: [], refused: null } : mark
}

/** Two starts, or two arrivals of a file, that are closer than this tell of a pulled cable. */
const LEAST_GAP_MS = 20_000

/** A start counts unless it directly follows another: then an operator is pulling the cable. */
export function countStart(facts: StepFacts, { nowMs, time }: Moment): StepFacts {
  const { startedAtMs, starts } = facts
  const counts = startedAtMs === null || phoneMsBetween(time, startedAtMs, nowMs) >= LEAST_GAP_MS
  return { ...facts, startedAtMs: nowMs, starts: counts ? starts + 1 : starts }
}

/** The facts after a request, before it is answered. `boot` has the request in it. */
export function factsOfRequest(
  facts: StepFacts,
  { target, boot }: { readonly target: Target; readonly boot: BootState },
  file: RequestedFile,
  at: Moment,
): StepFacts {
  const protocol = isEndOfHunt(facts, file.kind, at) ? null : applicationOf(file.kind, boot)
  const shown = withBefore(reach(facts, 'first-file'), boot, file, protocol)
  if (file.kind === 'image') return factsOfImageRequest(shown, target, file)
  // The loader begins again: whatever asked for files before it is no longer what runs.
  if (file.kind === 'loads') {
    const again = withRefusal(shown, `${file.load}.loads`)
    return { ...again, ...suspicionOf(target, shown, at), application: null, loadsAtMs: null }
  }
  // A phone that goes on with its old load, after an image that it has refused, is no further.
  const isOn = shown.lastImageAtMs !== null && shown.refused === null
  const again = isOn ? reach(shown, 'started-again') : shown
  return withApplication(again, file.kind, protocol, at.nowMs)
}

function factsOfImageRequest(
  facts: StepFacts,
  target: Target,
  { stem, extension }: RequestedFile & { readonly kind: 'image' },
): StepFacts {
  const name = `${stem}.${extension}`
  if (!isImageOf(target, name)) return facts
  // Whether it is there shows when it travels: only then has the phone got further.
  const asked = { ...facts, loadsAtMs: null, application: null, contentStarts: 0 }
  return withRefusal({ ...asked, whole: withoutAccepted(facts.whole, target, name) }, name)
}

/** A phone that goes on to an image has taken what comes ahead of it: that file was not refused. */
function withoutAccepted(whole: readonly WholeFile[], target: Target, image: string) {
  const isLast = isLastImageOf(target, image)
  return whole.filter(({ file }) => (isLast ? isLastImageOf : isImageOf)(target, file))
}

/**
 * Whether the application ahead of this start of the loader was the old one. An SCCP application and
 * a loader begin alike; only the loader asks for `.loads` directly after.
 */
function suspicionOf(
  target: Target,
  facts: StepFacts,
  { nowMs, time }: Moment,
): Pick<StepFacts, 'suspected' | 'oldProtocol'> {
  const { application, suspected, oldProtocol } = facts
  if (application === null || !canBeOldApplication(target, facts, time)) {
    return { suspected, oldProtocol }
  }
  const { protocol, atMs } = application
  const ranMs = phoneMsBetween(time, atMs, nowMs)
  if (protocol !== null) return { suspected: true, oldProtocol: protocol }
  return {
    suspected: suspected || ranMs >= family.bootTimes.longestHuntMs,
    oldProtocol: ranMs >= family.bootTimes.longerThanAHuntMs ? 'sccp' : oldProtocol,
  }
}

/** One repeat may be a power cut in the wrong second; two whole transfers for nothing are not. */
const WHOLE_TRANSFERS = 2

/** Whether the step's target was read of, and nothing of it was ever asked for. */
export function isUntouched({ furthest }: StepFacts): boolean {
  return MILESTONES.indexOf(furthest) < MILESTONES.indexOf('loader-asked')
}

function withRefusal(facts: StepFacts, file: string): StepFacts {
  const times = timesWhole(facts, file)
  const isRefused = times >= WHOLE_TRANSFERS || (facts.suspected && times > 0)
  return isRefused ? { ...facts, refused: file } : facts
}

/**
 * An application can be the one from before: it is of the other protocol, or started so soon after the
 * last image that the phone cannot have written its flash.
 */
export function canBeOldApplication(
  target: Target,
  { application, lastImageAtMs, oldProtocol }: StepFacts,
  time: PhoneTime,
): boolean {
  if (application === null || lastImageAtMs === null) return false
  // It ran after this very image: a loader may never ask for that image again ("W710 … ignoring reset").
  if (oldProtocol === target.protocol) return true
  if (application.protocol !== null && application.protocol !== target.protocol) return true
  const behindMs = phoneMsBetween(time, lastImageAtMs, application.atMs)
  return behindMs < family.bootTimes.refusalWindowMs[target.protocol]
}

/** What the phone shows ahead of the last image is what it ran before. */
function withBefore(
  facts: StepFacts,
  boot: BootState,
  file: RequestedFile,
  shown: 'sip' | 'sccp' | null,
): StepFacts {
  if (facts.lastImageAtMs !== null) return facts
  const { before } = facts
  const generation = generationOfFirstRequest(file) ?? before.generation
  const protocol = shown ?? protocolByImage(boot, file) ?? before.protocol
  return { ...facts, before: { ...before, generation, protocol } }
}

/**
 * A phone without a loader that fetches what `OS79XX.TXT` names, ahead of any configuration, runs the
 * other protocol: an image whose first four characters are those of its own it would have skipped
 * (Cisco document 5455, "Bootup Process"; Cisco's upgrade matrix of 2006).
 */
function protocolByImage({ asked }: BootState, file: RequestedFile): 'sip' | 'sccp' | null {
  if (file.kind !== 'image' || !asked.includes('os79xx')) return null
  if (asked.some((kind) => kind !== 'os79xx' && kind !== 'image')) return null
  return file.stem.startsWith('P003') ? 'sip' : 'sccp'
}

/** The protocol whose application asks for such a file; null where a loader asks for it, too. */
function applicationOf(kind: RequestedFile['kind'], { asked }: BootState): 'sip' | 'sccp' | null {
  const hasNoLoader = asked.includes('os79xx')
  return APPLICATION_FILES[kind] ?? (hasNoLoader ? (WITHOUT_LOADER[kind] ?? null) : null)
}

function withApplication(
  facts: StepFacts,
  kind: RequestedFile['kind'],
  protocol: 'sip' | 'sccp' | null,
  atMs: number,
): StepFacts {
  const { application } = facts
  const start = { atMs, file: kind, protocol: null }
  // The SCCP application asks for its trust list first, as a loader does: what follows tells.
  if (kind === 'ctlsep') return application === null ? { ...facts, application: start } : facts
  if (protocol === null || (application !== null && application.protocol !== null)) return facts
  const isOfHunt = application !== null && protocol === 'sccp'
  return { ...facts, application: { ...(isOfHunt ? application : start), protocol } }
}

/** A loader that finds nothing else asks for `SIPDefault.cnf` at the end of its hunt. */
function isEndOfHunt(
  { application }: StepFacts,
  kind: RequestedFile['kind'],
  { nowMs, time }: Moment,
): boolean {
  if (kind !== 'sip-default' || application?.file !== 'ctlsep') return false
  return phoneMsBetween(time, application.atMs, nowMs) < family.bootTimes.longestHuntMs
}

/** The facts after an image of the target, or its `.loads`, arrived whole. */
export function factsOfWholeFile(
  facts: StepFacts,
  target: Target,
  file: string,
  at: Moment,
): StepFacts {
  const isImage = isImageOf(target, file)
  const count = (reached: StepFacts) => {
    const { whole } = reached
    // An image takes longer to arrive than a phone whose cable is pulled lives.
    const isRepeat = !isImage && isRightBehind(whole, file, at)
    return isRepeat ? reached : { ...reached, whole: withWhole(whole, file, at.nowMs) }
  }
  const { nowMs } = at
  if (!isImage) {
    return { ...count(reach(facts, 'load-named')), loadsAtMs: nowMs, application: null }
  }
  if (!isLastImageOf(target, file)) return count(reach(facts, 'loader-whole'))
  const arrived = count(reach(facts, 'last-image-whole'))
  return { ...arrived, lastImageAtMs: nowMs, loadsAtMs: null, application: null, ...UNSUSPECTED }
}

const UNSUSPECTED = { suspected: false, oldProtocol: null } as const

function isRightBehind(whole: readonly WholeFile[], file: string, at: Moment): boolean {
  const before = whole.find((one) => one.file === file)
  if (before === undefined) return false
  return phoneMsBetween(at.time, before.atMs, at.nowMs) < LEAST_GAP_MS
}

/** Bounded by the names of the target: its `.loads` and a few images. */
function withWhole(whole: readonly WholeFile[], file: string, atMs: number): readonly WholeFile[] {
  const before = whole.find((one) => one.file === file)
  const times = (before?.times ?? 0) + 1
  return [...whole.filter((one) => one.file !== file), { file, times, atMs }]
}

/** How often a file of the target has arrived whole. */
export function timesWhole({ whole }: StepFacts, file: string): number {
  return whole.find((one) => one.file.toLowerCase() === file.toLowerCase())?.times ?? 0
}
