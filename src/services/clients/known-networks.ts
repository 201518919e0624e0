import type { KnownNetwork } from '../../inventory/phone-rules.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { ServedNetwork } from '../served-network.ts'

/** The configured networks, as the entries of phones are checked against them. */
export function knownNetworks(networks: readonly ServedNetwork[]): readonly KnownNetwork[] {
  return networks.map(({ name, subnet, address, router, reservations }) => {
    const taken = new Map<Ipv4, string>([[address, 'this server']])
    for (const each of router ?? []) taken.set(each, 'the router')
    for (const { address: reserved, mac } of reservations) {
      taken.set(reserved, `${mac}, by a reservation of the configuration`)
    }
    return { name, subnet, taken }
  })
}
