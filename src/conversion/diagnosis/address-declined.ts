import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** Once is an address that somebody took by hand; three in a row are a network with two masters. */
const DECLINES = 3

/** The phone finds every address in use that it is given. */
export function addressDeclined({ reading }: StepTrace): Diagnosis | null {
  if (reading === null) return null
  const { declined, granted } = reading.address
  if (granted || declined < DECLINES) return null
  return {
    code: 'address-declined',
    seen: `The phone declined ${declined} addresses in a row as used by somebody else.`,
    cause:
      'Other devices hold addresses of the pool that were typed in, or a second DHCP server hands ' +
      'out the same ones; or something answers ARP for every address (a proxy on the router).',
    remedy:
      'Find who answers for the addresses (the events dhcp.address.declined name them), give this ' +
      'network a pool of its own, and free them with DELETE /v1/leases/{address}.',
    source: 'RFC 2131 section 4.4.1 (DHCPDECLINE)',
  }
}
