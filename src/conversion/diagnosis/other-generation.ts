import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { Diagnosis } from '../conversion.ts'
import { lacksLoader } from '../lacks-loader.ts'
import { takesSignedAlone } from '../signed-only.ts'
import { isImageOf } from '../target.ts'
import type { StepTrace } from './step-trace.ts'

/** An image request follows the file that names it within seconds; a minute and a half is past hope. */
const PATIENCE_MS = 90_000

/** The phone has a universal loader and should have none, or the other way round. */
export function otherGeneration(trace: StepTrace): Diagnosis | null {
  const { step, reading, running = null, nowMs } = trace
  if (running !== null && lacksLoader(step.facts, running)) return withoutLoader(running)
  const unsigned = unsignedImageOf(trace)
  if (running !== null && unsigned !== null) return beforeFive(running, unsigned)
  if (step.stage !== 'booting' || step.progress !== null) return null
  if (reading === null || reading.generation === null || running === null) return null
  if (reading.images.length > 0 || nowMs - reading.startedAtMs < PATIENCE_MS) return null
  const parsed = parseFirmwareName(running)
  if (parsed.kind === 'bad' || parsed.name.ual === (reading.generation === 'ual')) return null
  const seen =
    reading.generation === 'ual'
      ? `has a universal application loader, which ${running} has not`
      : `has no universal application loader, which ${running} has`
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

/** Said at once: what such a phone is served could take it to where no way leads back. */
function withoutLoader(running: string): Diagnosis {
  return {
    code: 'other-generation',
    seen: `The phone asked for OS79XX.TXT, so it has no universal application loader, which ${running} has.`,
    cause:
      'It runs SCCP 5.x or earlier or SIP 6.x or earlier, and not the load that this conversion ' +
      'started from. Nothing is served that could change it: behind 5.0 no way leads back.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion and ' +
      'start it again with that load as "from". Decide then whether a one-way step is wanted; it ' +
      'takes "acceptOneWay": true.',
    source:
      'Cisco document 5455, section "Bootup Process"; field traces (no loader asks for that file)',
  }
}

/** Asked for by a phone that is said to run a load that takes signed images alone; null for none. */
function unsignedImageOf({ target, reading, running = null }: StepTrace): string | null {
  if (!takesSignedAlone(running)) return null
  const isUnsigned = (name: string) => /\.bin$/i.test(name) && isImageOf(target, name)
  return reading?.absent.find(isUnsigned) ?? null
}

function beforeFive(running: string, image: string): Diagnosis {
  return {
    code: 'other-generation',
    seen: `The phone asked for ${image}, an unsigned image, so it runs a load before 5.0, and not ${running}.`,
    cause:
      'The load that this conversion started from is not the one that the phone runs. Nothing is ' +
      'served that could change it: behind 5.0 no way leads back.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), cancel this conversion and ' +
      'start it again with that load as "from". Decide then whether a one-way step is wanted; it ' +
      'takes "acceptOneWay": true.',
    source: 'Cisco document 5455, section "Enable SIP Functionality"',
  }
}
