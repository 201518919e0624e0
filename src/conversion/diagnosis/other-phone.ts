import { family } from '../../phones/family/family.ts'
import { parseFirmwareName } from '../../phones/firmware-name.ts'
import { type BootState, hintOf } from '../boot-state.ts'
import type { Diagnosis } from '../conversion.ts'
import { lacksLoader, takesSignedAlone } from '../said-load.ts'
import { isImageOf } from '../target.ts'
import type { StepTrace } from './step-trace.ts'

/** The device requests files that only other models request. */
export function otherModel({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || !boot.asked.includes('other-model')) return null
  return {
    code: 'other-model',
    seen: `The device asked for files that no ${family.either} asks for.`,
    cause: 'It is another model: a 7941, 7961 or 7970, a 7905 or 7912, or a wireless phone.',
    remedy:
      'Read the model on the back of the phone and remove this entry; its firmware is ' +
      `not interchangeable with that of a ${family.either}.`,
    source: 'Cisco Unified CME administration guide, chapter "Install and upgrade firmware files"',
  }
}

/** The phone runs MGCP firmware, which is not converted. */
export function mgcpPhone({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || !boot.asked.includes('mgc-phone')) return null
  // A loader may hunt for every protocol's file; only a phone without one shows what it runs.
  if (boot.generation === 'ual') return null
  return {
    code: 'mgcp-phone',
    seen: 'The phone asked for its MGCP configuration file (MGC<MAC>.cnf).',
    cause: 'It runs MGCP firmware, and only SCCP and SIP are converted.',
    remedy:
      'Follow Cisco document 72029, "IP Phone Load Conversion from SIP to MGCP", backwards by ' +
      'hand, then start the conversion again with the SIP load as "from".',
    source: 'Cisco document 72029, "IP Phone Load Conversion from SIP to MGCP"',
  }
}

/** An image request follows the file that names it within seconds; a minute and a half is past hope. */
const NO_IMAGE_MS = 90_000

/**
 * Whether an image is overdue. Counted from the first file that the phone asked for: it may have
 * asked for an address for minutes before, in the same boot.
 */
function lacksImage({ firstRequestAtMs, images }: BootState, nowMs: number): boolean {
  return images.length === 0 && firstRequestAtMs !== null && nowMs - firstRequestAtMs >= NO_IMAGE_MS
}

/** The phone has a universal loader and should have none, or the other way round. */
export function otherGeneration(trace: StepTrace): Diagnosis | null {
  const { step, boot, running = null, nowMs } = trace
  if (running !== null && lacksLoader(step.facts, running)) return withoutLoader(running)
  const unsigned = unsignedImageOf(trace)
  if (running !== null && unsigned !== null) return beforeFive(running, unsigned)
  if (step.stage !== 'booting' || step.progress !== null) return null
  if (boot === null || running === null) return null
  if (!lacksImage(boot, nowMs)) return null
  const seen = differenceOf(boot.generation, running)
  if (seen === null) return null
  return {
    code: 'other-generation',
    seen: `The phone ${seen}.`,
    cause: 'The load that this conversion started from is not the one that the phone runs.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion ' +
      'and start it again with that load as "from".',
    source: 'Cisco document 5455, section "SCCP Image 6.x/Later and SIP Image 7.x/Later"',
  }
}

/** How the generation that the phone shows differs from that of the load; null where it does not. */
function differenceOf(shown: BootState['generation'], running: string): string | null {
  const parsed = parseFirmwareName(running)
  if (shown === null || parsed.kind === 'bad' || parsed.name.ual === (shown === 'ual')) return null
  return shown === 'ual'
    ? `has a universal application loader, which ${running} has not`
    : `has no universal application loader, which ${running} has`
}

/** Reported at once: the files for such a phone could start a step that cannot be reversed. */
function withoutLoader(running: string): Diagnosis {
  return {
    code: 'other-generation',
    seen: `The phone asked for OS79XX.TXT, so it has no universal application loader, which ${running} has.`,
    cause:
      'It runs SCCP 5.x or earlier or SIP 6.x or earlier, and not the load that this conversion ' +
      'started from. Nothing is served that could change it: from 5.0 on there is no way back.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion and ' +
      'start it again with that load as "from". Decide then whether a one-way step is wanted; it ' +
      'takes "acceptOneWay": true.',
    source:
      'Cisco document 5455, section "Bootup Process"; field traces (no loader asks for that file)',
  }
}

/** Asked for by a phone that is said to run a load that takes signed images alone; null for none. */
function unsignedImageOf({ target, boot, running = null }: StepTrace): string | null {
  if (!takesSignedAlone(running)) return null
  const isUnsigned = (name: string) => /\.bin$/i.test(name) && isImageOf(target, name)
  return boot?.absent.find(isUnsigned) ?? null
}

function beforeFive(running: string, image: string): Diagnosis {
  return {
    code: 'other-generation',
    seen: `The phone asked for ${image}, an unsigned image, so it runs a load before 5.0, and not ${running}.`,
    cause:
      'The load that this conversion started from is not the one that the phone runs. Nothing is ' +
      'served that could change it: from 5.0 on there is no way back.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion and ' +
      'start it again with that load as "from". Decide then whether a one-way step is wanted; it ' +
      'takes "acceptOneWay": true.',
    source: 'Cisco document 5455, section "Enable SIP Functionality"',
  }
}

/** The phone asks for the files of the other protocol than the load that it is said to run. */
export function otherProtocol(trace: StepTrace): Diagnosis | null {
  const { step, boot, running = null, nowMs } = trace
  if (step.stage !== 'booting' || boot === null || running === null) return null
  if (!lacksImage(boot, nowMs)) return null
  const hint = hintOf(boot)
  if (hint !== 'pre-ual-sip' && hint !== 'pre-ual-sccp') return null
  const shown = hint === 'pre-ual-sip' ? 'sip' : 'sccp'
  const parsed = parseFirmwareName(running)
  if (parsed.kind === 'bad' || parsed.name.protocol === shown) return null
  return {
    code: 'other-protocol',
    seen: `The phone asks for files of ${shown.toUpperCase()}, and ${running} is none of its loads.`,
    cause: 'The load that this conversion started from is not the one that the phone runs.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion ' +
      'and start it again with that load as "from".',
    source: 'Cisco document 5455, section "Bootup Process for a Cisco 7940/7960 SIP IP Phone"',
  }
}

/** Once a boot is usual; a phone that has nothing else to ask repeats it every few seconds. */
const DEFAULT_REQUESTS = 4

/** A phone that predates XML files requests SEPDefault.cnf endlessly. */
export function oldDefaultLoop({ target, boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.asked.at(-1) !== 'sep-default') return null
  if (boot.inARow < DEFAULT_REQUESTS) return null
  return {
    code: 'old-default-loop',
    seen: `The phone asked for SEPDefault.cnf ${boot.inARow} times in a row and for no image of ${target.load}.`,
    cause:
      'It runs a very old SCCP load that knows no XML: OS79XX.TXT is all that can change it, and ' +
      'only to the other protocol.',
    remedy:
      'Cancel this conversion, convert the phone to SIP 2.3 (P0S30203), which uses OS79XX.TXT, and ' +
      'continue from there.',
    source: 'field report: "Cisco 7940 7960 Single Step Upgrade"',
  }
}

const LONGEST_NAME = 8

/** A SIP phone reads the name of an SCCP load in OS79XX.TXT and does not ask for it. */
export function nameTooLong({ step, target, boot, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' || step.method !== 'os79xx' || boot === null) return null
  if (target.protocol !== 'sccp' || target.load.length <= LONGEST_NAME) return null
  if (!boot.asked.includes('sip-default') || !lacksImage(boot, nowMs)) return null
  return {
    code: 'name-too-long',
    seen: `The phone runs SIP, read OS79XX.TXT, and asked for no image of ${target.load}.`,
    cause: 'SIP 2.1 and earlier take no load whose name has more than eight characters.',
    remedy:
      'Cancel this conversion and start it again with the load that the phone shows as "from" ' +
      '(Settings, Status, Firmware Versions): the image is then offered under a short name.',
    source: 'Cisco document 5455, section "SIP Phone not Accepting SCCP Load"',
  }
}

/** The phone read the files that name the step's load and asked for none of its images. */
export function triggerIgnored({ step, target, boot, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' || boot === null || !lacksImage(boot, nowMs)) return null
  return {
    code: 'trigger-ignored',
    seen: `The phone asked for ${boot.asked.length} kinds of files and for no image of ${target.load}.`,
    cause:
      'It runs another load than this conversion started from, so that the file which should ' +
      'start the step means nothing to it: an OS79XX.TXT whose first four characters equal those ' +
      'of the running load is skipped.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion ' +
      'and start it again with that load as "from".',
    source: 'Cisco document 5455, section "Bootup Process for a Cisco 7940/7960 SIP IP Phone"',
  }
}
