import type { Binding } from '../../../src/leases/binding.ts'
import { ipv4, mac, NOW_MS } from '../values.ts'

/** A binding of the network `bench`, granted a minute ago for five. */
export function aBinding(values: Partial<Binding> = {}): Binding {
  return {
    scope: 'bench',
    address: ipv4('10.20.0.50'),
    client: 'hw:01000E84C060A6',
    mac: mac('000E84C060A6'),
    state: 'bound',
    grantedAtMs: NOW_MS - 60_000,
    expiresAtMs: NOW_MS + 240_000,
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
    hostName: '',
    relayAgent: '',
    ...values,
  }
}
