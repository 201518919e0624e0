import { formatIpv4, type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { POOL } from '../lab/bench-network.ts'

/** How long every server grants leases for, in seconds: none ends during a run. */
export const LEASE_SECONDS = 43_200

/** A lease that a server holds when it starts. */
export type SeededLease = {
  readonly address: Ipv4
  readonly dottedQuad: string
  /** With colons, as the load generator makes it of the client's number. */
  readonly mac: string
}

/** The leases of the clients 1 to `count`, on the first addresses of the pool. */
export function* seededLeases(count: number): Generator<SeededLease> {
  const first = parseIpv4(POOL.first)
  if (first === undefined) throw new Error(`not an address: ${POOL.first}`)
  for (let client = 1; client <= count; client++) {
    const address = (first + client - 1) as Ipv4
    const number = client.toString(16).padStart(8, '0')
    const mac = `02:0c:${number.match(/../g)?.join(':')}`
    yield { address, dottedQuad: formatIpv4(address), mac }
  }
}
