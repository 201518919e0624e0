import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { Diagnosis } from '../conversion.ts'
import { hintOf } from '../generation-hint.ts'
import type { StepTrace } from './step-trace.ts'

/** An image request follows the file that names it within seconds; a minute and a half is past hope. */
const PATIENCE_MS = 90_000

/** The phone asks for the files of the other protocol than the load that it is said to run. */
export function otherProtocol(trace: StepTrace): Diagnosis | null {
  const { step, reading, running = null, nowMs } = trace
  if (step.stage !== 'booting' || reading === null || running === null) return null
  if (reading.images.length > 0 || nowMs - reading.startedAtMs < PATIENCE_MS) return null
  const hint = hintOf(reading)
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
