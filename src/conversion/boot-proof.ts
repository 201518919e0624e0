import { type RequestedFile, readRequestedFile } from '../phones/requested-file.ts'
import type { BootReading } from './boot-reading.ts'
import { isImageOf, type Target } from './target.ts'

/** What a boot proves about a target. */
export type BootProof =
  | { readonly kind: 'running' }
  /** It runs the target if no image request follows until then. */
  | { readonly kind: 'running-if-quiet'; readonly untilMs: number }
  | { readonly kind: 'undecided' }

/**
 * A phone asks for a new image within a second or two of reading what names it; Cisco document
 * 5455 shows 0 s, a loader on a busy network a few. Twenty is ten times that.
 */
const QUIET_AFTER_CONFIGURATION_MS = 20_000

/** The application starts 23 to 24 s after the loader has read `.loads`; twice that is quiet. */
const QUIET_AFTER_LOADS_MS = 48_000

const SIP_APPLICATION_FILES = ['sip-default', 'sip-phone'] as const
const AFTER_SIP_CONFIGURATION = ['ringlist-dat', 'dialplan'] as const
/** They name the load: a phone that reads one and asks for no image runs what it names. */
const SCCP_CONFIGURATION = ['sep-xml', 'xml-default'] as const
/** Asked for by loads without XML; they name nothing, and only show the protocol. */
const OLD_SCCP_CONFIGURATION = ['sep-cnf', 'sep-default'] as const
const AFTER_SCCP_CONFIGURATION = ['ringlist-xml', 'locale'] as const

/**
 * Judges whether the phone has booted into the target.
 *
 * Only what the phone asks for by itself counts. A phone that still asks for one of the target's
 * images does not run it.
 *
 * @param arrived - Whether the target's last image arrived whole before this boot.
 */
export function bootProof(target: Target, reading: BootReading, arrived = false): BootProof {
  if (reading.images.some(({ file }) => isImageOf(target, file))) return { kind: 'undecided' }
  if (reading.generation === null) return { kind: 'undecided' }
  if ((reading.generation === 'ual') !== target.ual) return { kind: 'undecided' }
  if (target.ual) return proofBehindLoader(target, reading)
  return proofOfCombinedImage(target, reading, arrived)
}

/**
 * With a universal application loader: `.loads` of the target was read on this boot, and the
 * loader went on to the application instead of fetching it.
 */
function proofBehindLoader(target: Target, reading: BootReading): BootProof {
  if (reading.loads !== target.load || !loadsArrived(target, reading)) return { kind: 'undecided' }
  const application = target.protocol === 'sip' ? SIP_APPLICATION_FILES : AFTER_SCCP_CONFIGURATION
  if (askedAfter(reading, 'loads', application)) return { kind: 'running' }
  // An SCCP application may have nothing more to ask from TFTP: then silence is the proof.
  if (target.protocol === 'sip') return { kind: 'undecided' }
  return quietFor(reading, QUIET_AFTER_LOADS_MS)
}

/** A loader that did not get `.loads` starts the application that it has, whichever that is. */
function loadsArrived({ load }: Target, { absent, files }: BootReading): boolean {
  const isOurs = (name: string) => {
    const file = readRequestedFile(name)
    return file.kind === 'loads' && file.load === load
  }
  if (absent.some(isOurs)) return false
  return !files.some(({ file, failed, completed }) => isOurs(file) && failed > 0 && completed === 0)
}

/** Combined image: it reads its own protocol's configuration and is content with what it names. */
function proofOfCombinedImage(target: Target, reading: BootReading, arrived: boolean): BootProof {
  const sip = target.protocol === 'sip'
  const configuration = sip ? SIP_APPLICATION_FILES : SCCP_CONFIGURATION
  const isOldSccp = !sip && arrived && asked(reading, OLD_SCCP_CONFIGURATION)
  if (!asked(reading, configuration) && !isOldSccp) return { kind: 'undecided' }
  if (asked(reading, sip ? AFTER_SIP_CONFIGURATION : AFTER_SCCP_CONFIGURATION)) {
    return { kind: 'running' }
  }
  return quietFor(reading, QUIET_AFTER_CONFIGURATION_MS)
}

function quietFor(reading: BootReading, quietMs: number): BootProof {
  return {
    kind: 'running-if-quiet',
    untilMs: (reading.lastRequestAtMs ?? reading.startedAtMs) + quietMs,
  }
}

function asked(reading: BootReading, kinds: readonly RequestedFile['kind'][]): boolean {
  return kinds.some((kind) => reading.asked.includes(kind))
}

function askedAfter(
  reading: BootReading,
  mark: RequestedFile['kind'],
  kinds: readonly RequestedFile['kind'][],
): boolean {
  const at = reading.asked.indexOf(mark)
  return kinds.some((kind) => reading.asked.indexOf(kind) > at)
}
