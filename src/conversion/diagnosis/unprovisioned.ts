import { readRequestedFile } from '../../phones/requested-file.ts'
import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

const AFTER_CONFIGURATION = ['ringlist-dat', 'dialplan'] as const

/** The SIP application runs without a file of its own. */
export function unprovisioned({ reading }: Pick<StepTrace, 'reading'>): Diagnosis | null {
  if (reading === null) return null
  const absent = reading.absent.find((name) => readRequestedFile(name).kind === 'sip-phone')
  // A loader hunts for that file on its way to SCCP as well: only the SIP application goes on to these.
  const isSip = AFTER_CONFIGURATION.some((kind) => reading.asked.includes(kind))
  if (absent === undefined || !isSip) return null
  return {
    code: 'unprovisioned',
    seen: `The phone runs SIP and asked for ${absent}, which does not exist.`,
    cause:
      'Its own configuration file is missing or spelled in another way: the MAC address stands in ' +
      'capitals, the extension in small letters. On the display: "Phone Unprovisioned" (W362).',
    remedy: 'Enrol the phone with its lines (PUT /v1/phones/{mac}); the file is made of them.',
    source: 'Cisco document 5455, section "IP Phones go to Unprovisioned State"',
  }
}
