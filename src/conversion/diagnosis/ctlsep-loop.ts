import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** From the fourth request on an empty file is served; a loader that goes on asking wants another. */
const REQUESTS = 8

/** The loader asks for its trust list and for nothing else, although it gets one. */
export function ctlsepLoop({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.ctlsepInARow < REQUESTS) return null
  return {
    code: 'ctlsep-loop',
    seen: `The phone asked for its trust list (CTLSEP<MAC>.tlv) ${reading.ctlsepInARow} times in a row.`,
    cause:
      'A loader of the 7.2 days loops until it gets a trust list, even an empty one, which was ' +
      'served; or the answers do not reach the phone. On the display: "Protocol Application ' +
      'Invalid".',
    remedy:
      'Look whether the transfers of CTLSEP<MAC>.tlv end well (GET /v1/phones/{mac}/timeline). If ' +
      'they do, do a factory reset: hold # at power-up, then 1 2 3 4 5 6 7 8 9 * 0 #.',
    source:
      'Cisco document 5455, section "Protocol Application Invalid Error"; field report: "Firmware ' +
      'issues on 7940 - 7960"',
  }
}
