import { type Ipv4, parseIpv4, writeIpv4 } from '../../net/ipv4.ts'
import { parseSubnet, type Subnet } from '../../net/subnet.ts'

/*
 * Classless static routes, the value of options 121 (RFC 3442) and 249, routes in a row:
 *
 *   +---------------+------------------------------+----------------+
 *   | prefix length | its significant bytes, 0-4  | router, 4      |
 *   +---------------+------------------------------+----------------+
 */

type Route = { readonly destination: Subnet; readonly router: Ipv4 }

/**
 * Encodes a list such as `["10.0.0.0/8 via 192.0.2.1"]`, or one such text.
 *
 * @returns Undefined where something else is given.
 */
export function encodeRoutes(value: unknown): Uint8Array | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const octets: number[] = []
  for (const one of list) {
    const route = parseRoute(one)
    if (route === undefined) return undefined
    const address = new Uint8Array(8)
    writeIpv4(route.destination.base, address, 0)
    writeIpv4(route.router, address, 4)
    const { prefixLength } = route.destination
    const significant = Math.ceil(prefixLength / 8)
    octets.push(prefixLength, ...address.subarray(0, significant), ...address.subarray(4))
  }
  return octets.length === 0 ? undefined : Uint8Array.from(octets)
}

function parseRoute(value: unknown): Route | undefined {
  if (typeof value !== 'string') return undefined
  const [network = '', gateway = '', ...rest] = value.split(' via ')
  const destination = parseSubnet(network.trim())
  const router = parseIpv4(gateway.trim())
  if (destination === undefined || router === undefined || rest.length > 0) return undefined
  return { destination, router }
}
