import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** DHCP is silent for a phone that asks and asks; one lost message is not worth a word. */
const MESSAGES = 3

/** The phone asks for an address and gets none. */
export function noAddress({ reading }: StepTrace): Diagnosis | null {
  if (reading === null) return null
  const { ignored, ignoredBecause, granted } = reading.address
  if (granted || ignored < MESSAGES) return null
  return {
    code: 'no-address',
    seen: `The phone asked for an address ${ignored} times and got none: ${ignoredBecause}.`,
    cause:
      'The network does not serve it: the pool is full, the phone is enrolled for another network ' +
      'or plugged into another VLAN, or another DHCP server keeps this one silent. On the ' +
      'display: "Configuring IP".',
    remedy:
      'Look at the network (GET /v1/networks): widen its pool, correct the network of the phone, ' +
      'or switch the other server off.',
    source: 'RFC 2131 section 4.3.1; Cisco 7940 and 7960 display message "Configuring IP"',
  }
}
