import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** A phone repeats its DISCOVER at 4, 8, 16 and 32 s. */
const OFFERS = 4

/** The phone is offered an address again and again and never asks for it. */
export function offerNotTaken({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.lastRequestAtMs !== null) return null
  if (reading.address.granted || reading.address.offers < OFFERS) return null
  return {
    code: 'offer-not-taken',
    seen: `The phone was offered an address ${reading.address.offers} times and did not ask for it.`,
    cause:
      'It takes the offer of another DHCP server, or the offers do not reach it: a relay agent ' +
      'that is not allowed to answer, a wrong VLAN on the way back, a firewall on UDP 68.',
    remedy:
      'Look for another DHCP server (GET /v1/networks names those that answered). Then watch the ' +
      'port of the phone with a sniffer: the offer must be there.',
    source: 'RFC 2131 section 3.1; Cisco document 5455, section "Troubleshooting Tips"',
  }
}
