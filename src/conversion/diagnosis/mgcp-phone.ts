import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** The phone runs MGCP firmware, which is not converted. */
export function mgcpPhone({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || !reading.asked.includes('mgc-phone')) return null
  // A loader may hunt for every protocol's file; only a phone without one shows what it runs.
  if (reading.generation === 'ual') return null
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
