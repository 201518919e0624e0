import { parseFirmwareName } from '../../phones/firmware-name.ts'
import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The log in Cisco document 5455 shows three attempts, 8 to 10 s apart. */
const ATTEMPTS = 3

/** An old SCCP phone begins to fetch a SIP image of 3.0 or later, gives up in mid-file, and again. */
export function refusesNewerSip(trace: StepTrace): Diagnosis | null {
  const { step, target, brokenTransfers, reading, running = null } = trace
  if (brokenTransfers < ATTEMPTS || step.method !== 'os79xx') return null
  if (target.protocol !== 'sip' || majorOf(target.load) < 3) return null
  // A phone that acknowledges nothing refuses nothing: its network does.
  if (reading === null || reading.unheardInARow > 0) return null
  if (running !== null && !isOldSccp(running)) return null
  return {
    code: 'refuses-newer-sip',
    seen: `The phone gave up fetching ${target.load} ${brokenTransfers} times in mid-file.`,
    cause: 'A particularly old SCCP load refuses a SIP image of 3.x or 4.x.',
    remedy:
      'Convert the phone to SIP 2.3 (P0S30203) first and go on from there. With that firmware at ' +
      'hand the plan does so by itself.',
    source: 'Cisco document 5455, section "Enable SIP Functionality", step 4, note',
  }
}

function majorOf(load: string): number {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' ? parsed.name.major : 0
}

function isOldSccp(load: string): boolean {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.protocol === 'sccp' && parsed.name.major < 5
}
