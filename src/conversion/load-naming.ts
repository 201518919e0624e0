import { type FirmwareName, parseFirmwareName } from '../phones/firmware-name.ts'
import type { Generation } from './boot-state.ts'
import type { Target } from './target.ts'

/** What decides which load each file of a phone's file view names. */
export type Situation = {
  /** The load of the step under way, or, with nothing under way, the one to stay at. */
  readonly target: Target | null
  readonly converting: boolean
  readonly generation: Generation | null
  /** The load that the phone runs now; null where that is not known. */
  readonly running: string | null
  /** The step assumes a loader that the phone has not got: nothing may change it. */
  readonly barred?: boolean
}

/** The load named in each of the files that decide what a phone loads. Null: no such line or file. */
export type LoadNaming = {
  readonly os79xx: string | null
  /** Load information of `SEP<MAC>.cnf.xml` and `XMLDefault.cnf.xml`. */
  readonly xml: string | null
  readonly imageVersion: string | null
  /** Whether the SIP configuration files exist for this phone. */
  readonly sip: boolean
  /** `SIPDefault.cnf` must be one line: SIP 2.x drops a longer one ("W210 TFTP Error"). */
  readonly oneLine: boolean
}

/**
 * Chooses what each file names, so that the phone does the step under way and nothing else.
 *
 * The pre-UAL phone compares the first four characters of the name in `OS79XX.TXT` with those of
 * its own image: equal ones it skips. The loader's own name begins with `P003`, as every SCCP load
 * does. So a pre-UAL SIP phone takes the loader from `OS79XX.TXT`, and a pre-UAL SCCP phone must
 * find it in its load information, which names the application as soon as the loader is in.
 *
 * @see Cisco document 5455, "Bootup Process"; Cisco Unified CME administration guide, file lookup
 */
export function nameLoads(situation: Situation): LoadNaming {
  const running = situation.running === null ? null : read(situation.running)
  const oneLine = running?.protocol === 'sip' && running.major < 3
  if (situation.barred === true) {
    return { os79xx: null, xml: null, imageVersion: null, sip: false, oneLine }
  }
  return {
    os79xx: situation.converting ? nameInOs79xx(situation, running) : null,
    xml: nameInXml(situation),
    imageVersion: nameInSipFiles(situation, running),
    sip: wantsSipFiles(situation, running),
    oneLine,
  }
}

/** `OS79XX.TXT` is for phones without the loader, and only while a step is under way. */
function nameInOs79xx(
  { target, generation }: Situation,
  running: FirmwareName | null,
): string | null {
  if (target === null || generation === 'ual') return null
  return target.ual ? target.loader : nameForPreUal(target, running)
}

/** SIP 2.1 and earlier take no long name of an SCCP load; an unknown phone may be one. */
function nameForPreUal({ load, shortName }: Target, running: FirmwareName | null): string {
  if (shortName === null) return load
  const takesLongNames = running !== null && (running.protocol !== 'sip' || isFrom(running, 2, 2))
  return takesLongNames ? load : shortName
}

function isFrom({ major, minor }: FirmwareName, firstMajor: number, firstMinor: number): boolean {
  return major > firstMajor || (major === firstMajor && minor >= firstMinor)
}

function nameInXml({ target, converting, generation }: Situation): string | null {
  if (target === null) return null
  if (target.ual) {
    const hasLoader = generation === 'ual' || !converting
    return hasLoader ? target.load : target.loader
  }
  // A combined SIP image is loaded by OS79XX.TXT; an SCCP phone takes load information as well.
  return target.protocol === 'sccp' ? target.load : null
}

function nameInSipFiles(
  { target, converting, generation }: Situation,
  running: FirmwareName | null,
): string | null {
  if (target === null) return null
  // image_version overrides OS79XX.TXT, and a pre-UAL phone knows no image of a loader set.
  if (target.ual && converting && generation !== 'ual') return null
  return converting && generation !== 'ual' ? nameForPreUal(target, running) : target.load
}

/** Files of the other protocol lead a loader astray: the first that it finds decides. */
function wantsSipFiles({ target, converting }: Situation, running: FirmwareName | null): boolean {
  if (target?.protocol === 'sip') return true
  if (running !== null) return running.protocol === 'sip'
  return converting || target === null
}

function read(load: string): FirmwareName | null {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' ? parsed.name : null
}
