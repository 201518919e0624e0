import type { GenerationHint } from '../phones/conversion-plan.ts'
import { generationOfFirstRequest, type RequestedFile } from '../phones/requested-file.ts'
import { type AddressState, NO_ADDRESS_YET, served } from './address-state.ts'
import { type PhoneTime, phoneMsBetween, REAL_TIME } from './phone-time.ts'

/** What the phone's DHCP vendor class or first request says about its firmware. */
export type Generation = 'pre-ual' | 'ual'

/** A file that the phone asked for, and how that went so far in this boot. */
export type FileTally = {
  readonly file: string
  readonly completed: number
  readonly failed: number
}

/** How a transfer ended; `unheard`: the phone acknowledged nothing of it. */
export type TransferEnd = 'completed' | 'failed' | 'unheard'

/**
 * What one boot of one phone has shown so far. Plain data: every function below returns a new one.
 */
export type BootState = {
  readonly startedAtMs: number
  /** Long after the start where no server gave the phone an address; null before it. */
  readonly firstRequestAtMs: number | null
  readonly lastRequestAtMs: number | null
  /** The port that the last request came from; null if unknown. */
  readonly lastPort: number | null
  readonly generation: Generation | null
  /** Kinds of files asked for, in the order in which each was last asked for. */
  readonly asked: readonly RequestedFile['kind'][]
  /** The load whose `.loads` was asked for last. */
  readonly loads: string | null
  readonly images: readonly FileTally[]
  /** What came of the transfers of all other files. */
  readonly files: readonly FileTally[]
  /** Transfers in a row of which the phone acknowledged nothing. */
  readonly unheardInARow: number
  /** How DHCP went. */
  readonly address: AddressState
  /** How often the kind of file that was asked for last was asked for with no other between. */
  readonly inARow: number
  /** How often `CTLSEP<MAC>.tlv` was asked for with nothing else between. */
  readonly ctlsepInARow: number
  /** Names that the phone asked for and did not get; the first few. */
  readonly absent: readonly string[]
}

/** Where a request came from. */
export type RequestFrom = {
  /** UDP port of the client; left out if unknown. */
  readonly port?: number | null
  /** Left out for a phone at its real speed. */
  readonly time?: PhoneTime
}

/** A phone that asks for its first file again after this pause has started again without DHCP. */
const NEW_BOOT_GAP_MS = 5_000

/** More different names than any boot asks for; the rest is noise that must not grow a table. */
const MAX_NAMES = 32

/** A boot that has just begun; `generation` is what option 60 told, null where it told nothing. */
export function beginBoot(nowMs: number, generation: Generation | null): BootState {
  return {
    startedAtMs: nowMs,
    firstRequestAtMs: null,
    lastRequestAtMs: null,
    lastPort: null,
    generation,
    asked: [],
    loads: null,
    images: [],
    files: [],
    unheardInARow: 0,
    address: NO_ADDRESS_YET,
    inARow: 0,
    ctlsepInARow: 0,
    absent: [],
  }
}

/**
 * Whether this request opens another boot. The first file of either generation is never asked for
 * in the middle of one, except by a loader that loops on its `CTLSEP` file.
 */
function opensAnotherBoot(
  boot: BootState,
  file: RequestedFile,
  nowMs: number,
  time: PhoneTime,
): boolean {
  if (generationOfFirstRequest(file) === null || boot.lastRequestAtMs === null) return false
  const onlyFirstFiles = boot.asked.every((kind) => kind === file.kind)
  const pauseMs = phoneMsBetween(time, boot.lastRequestAtMs, nowMs)
  return !onlyFirstFiles && pauseMs >= NEW_BOOT_GAP_MS
}

/** Software that runs on asks from the next port; one that starts begins elsewhere (field traces). */
const MOST_PORTS_AHEAD = 4

/** Whether a request comes from software that has asked before, by its port. */
export function continuesPorts(before: BootState | null, port: number | null): boolean {
  if (before === null || before.lastPort === null || port === null) return false
  const ahead = port - before.lastPort
  return ahead >= 0 && ahead <= MOST_PORTS_AHEAD
}

/**
 * Follows a phone by one request, into another boot where the request opens one.
 *
 * @returns The state with this request in it; `opened` where it is the first one of its boot.
 */
export function followRequest(
  before: BootState | null,
  file: RequestedFile,
  nowMs: number,
  { port = null, time = REAL_TIME }: RequestFrom = {},
): { readonly boot: BootState; readonly opened: boolean } {
  const opened = before === null || opensAnotherBoot(before, file, nowMs, time)
  const begun = opened ? beginBoot(nowMs, null) : before
  const boot = { ...readRequest(begun, file, nowMs), lastPort: port }
  if (file.kind !== 'image') return { boot, opened }
  return { boot: readImage(boot, `${file.stem}.${file.extension}`, 'begun'), opened }
}

/** Follows a phone by a start that DHCP has seen: a DISCOVER, or a REQUEST in INIT-REBOOT. */
export function followBoot(
  before: BootState | null,
  generation: Generation | null,
  nowMs: number,
): BootState {
  // DISCOVER and REQUEST of one start, and a DISCOVER that is sent again, are one boot.
  const sameBoot = before !== null && before.lastRequestAtMs === null
  const next = sameBoot
    ? { ...before, address: served(before.address) }
    : beginBoot(nowMs, generation)
  return generation === null ? next : { ...next, generation }
}

function readRequest(boot: BootState, file: RequestedFile, nowMs: number): BootState {
  return {
    ...boot,
    firstRequestAtMs: boot.firstRequestAtMs ?? nowMs,
    lastRequestAtMs: nowMs,
    generation: generationOfFirstRequest(file) ?? boot.generation,
    asked: [...boot.asked.filter((kind) => kind !== file.kind), file.kind],
    loads: file.kind === 'loads' ? file.load : boot.loads,
    inARow: file.kind === boot.asked.at(-1) ? boot.inARow + 1 : 1,
    ctlsepInARow: file.kind === 'ctlsep' ? boot.ctlsepInARow + 1 : 0,
  }
}

/** The state after a request was answered by "file not found". */
export function readAbsence(boot: BootState, name: string): BootState {
  if (boot.absent.includes(name) || boot.absent.length >= MAX_NAMES) return boot
  return { ...boot, absent: [...boot.absent, name] }
}

/** The state after an image began to travel, arrived, or broke off. */
export function readImage(
  boot: BootState,
  file: string,
  outcome: 'begun' | TransferEnd,
): BootState {
  const images = withOutcome(boot.images, file, outcome)
  return { ...boot, images, unheardInARow: unheardAfter(boot, outcome) }
}

/** The state after a file that is no image arrived or broke off. */
export function readFile(boot: BootState, file: string, outcome: TransferEnd): BootState {
  const files = withOutcome(boot.files, file, outcome)
  // A file that has been put there since is no longer missing.
  const absent = outcome === 'completed' ? boot.absent.filter((name) => name !== file) : boot.absent
  return { ...boot, files, absent, unheardInARow: unheardAfter(boot, outcome) }
}

function unheardAfter({ unheardInARow }: BootState, outcome: 'begun' | TransferEnd): number {
  if (outcome === 'begun') return unheardInARow
  return outcome === 'unheard' ? unheardInARow + 1 : 0
}

function withOutcome(
  known: readonly FileTally[],
  file: string,
  outcome: 'begun' | TransferEnd,
): readonly FileTally[] {
  const before = known.find((one) => one.file === file)
  if (before === undefined && known.length >= MAX_NAMES) return known
  const { completed, failed } = before ?? { completed: 0, failed: 0 }
  const after = {
    file,
    completed: completed + (outcome === 'completed' ? 1 : 0),
    failed: failed + (outcome === 'failed' || outcome === 'unheard' ? 1 : 0),
  }
  return [...known.filter((one) => one.file !== file), after]
}

const OF_SIP: readonly RequestedFile['kind'][] = ['sip-default', 'sip-phone']
const OF_SCCP: readonly RequestedFile['kind'][] = [
  'sep-xml',
  'sep-cnf',
  'xml-default',
  'sep-default',
]

/**
 * What a boot tells the planner about a phone whose load is unknown. A loader asks for the files
 * of either protocol; a phone without one asks for those of its own.
 */
export function hintOf(boot: BootState | null): GenerationHint | null {
  if (boot === null || boot.generation === null) return null
  if (boot.generation === 'ual') return 'ual'
  const asks = (kinds: typeof OF_SIP) => kinds.some((kind) => boot.asked.includes(kind))
  if (asks(OF_SIP)) return 'pre-ual-sip'
  return asks(OF_SCCP) ? 'pre-ual-sccp' : 'pre-ual'
}
