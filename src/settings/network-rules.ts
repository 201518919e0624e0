import type { AddressRange } from '../leases/pool.ts'
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts'
import { findMacFault } from '../net/mac.ts'
import {
  formatSubnet,
  isHostAddress,
  roleInSubnet,
  type Subnet,
  subnetContains,
} from '../net/subnet.ts'
import type { Duration } from './notation.ts'
import { formatAddressRange, formatDuration, rangeContains, rangesOverlap } from './notation.ts'
import { type Finding, pathOfItem, problem, warning } from './problem.ts'
import type { ReadableNetwork } from './settings.ts'

/**
 * What the keys of one network must mean together. Each rule looks at what could be read and says
 * nothing about the rest; paths are relative to the network.
 */
export const networkRules: readonly ((network: ReadableNetwork) => Finding[])[] = [
  reachedOneWay,
  hardwareWhereAttached,
  ourAddressOnSubnet,
  poolsOnSubnet,
  poolsApart,
  reservationsOnSubnet,
  reservationsOnce,
  reservationsForDevices,
  peersOnSubnet,
  peersOnce,
  peersNotForClients,
  routersReachable,
  leaseTimesInOrder,
  autoEnrolNotForAnyone,
  classesOnce,
  filesFromUs,
]

/** Below this, phones renew so often that a restart of the appliance costs them their address. */
const SHORT_LEASE_SECONDS = 60

function reachedOneWay(network: ReadableNetwork): Finding[] {
  const attached = network.interface !== undefined
  if (attached && network.relayed === true) {
    return [
      problem('relayed', `found true beside interface ${network.interface}, wanted one of them`),
    ]
  }
  if (attached || network.relayed !== false) return []
  return [problem('interface', 'missing, wanted the name of an interface, or relayed: true')]
}

function hardwareWhereAttached({ identify, relayed }: ReadableNetwork): Finding[] {
  if (identify !== 'hardware' || relayed !== true) return []
  return [problem('identify', 'found hardware with relayed: true, wanted address or an interface')]
}

/** Behind a relay our address is wherever the relay sends to: RFC 2131 section 4.1, giaddr. */
function ourAddressOnSubnet({ address, subnet, relayed }: ReadableNetwork): Finding[] {
  if (address === undefined || subnet === undefined || relayed !== false) return []
  if (isHostAddress(subnet, address)) return []
  return [
    problem('address', `found ${formatIpv4(address)}, wanted a host of ${formatSubnet(subnet)}`),
  ]
}

function poolsOnSubnet({ pool = [], subnet, address }: ReadableNetwork): Finding[] {
  return pool.flatMap((range, index) => {
    if (range === undefined) return []
    const fault =
      (subnet && rangeFault(range, subnet)) ??
      (address !== undefined && rangeContains(range, address)
        ? `which contains our own address ${formatIpv4(address)}`
        : undefined)
    if (fault === undefined) return []
    return [problem(pathOfItem('pool', index), `found ${formatAddressRange(range)}, ${fault}`)]
  })
}

/** Why hosts of a subnet cannot have every address of a range. */
function rangeFault({ first, last }: AddressRange, subnet: Subnet): string | undefined {
  if (!(subnetContains(subnet, first) && subnetContains(subnet, last))) {
    return `wanted addresses of ${formatSubnet(subnet)}`
  }
  const end = [first, last].find((one) => !isHostAddress(subnet, one))
  if (end === undefined) return undefined
  const role = `${roleInSubnet(subnet, end)} ${formatIpv4(end)} of ${formatSubnet(subnet)}`
  return `which contains ${role}; no host can use it`
}

function poolsApart({ pool = [] }: ReadableNetwork): Finding[] {
  return pool.flatMap((range, index) => {
    const other = pool.slice(0, index).find((earlier) => overlap(earlier, range))
    if (range === undefined || other === undefined) return []
    const message = `found ${formatAddressRange(range)}, which overlaps ${formatAddressRange(other)}`
    return [problem(pathOfItem('pool', index), message)]
  })
}

function overlap(a: AddressRange | undefined, b: AddressRange | undefined): boolean {
  return a !== undefined && b !== undefined && rangesOverlap(a, b)
}

function reservationsOnSubnet({ reservations = [], subnet, address }: ReadableNetwork): Finding[] {
  return reservations.flatMap((reservation, index) => {
    const reserved = reservation?.address
    if (reserved === undefined) return []
    const path = `${pathOfItem('reservations', index)}.address`
    const found = `found ${formatIpv4(reserved)}`
    if (subnet !== undefined && !isHostAddress(subnet, reserved)) {
      const role = roleInSubnet(subnet, reserved)
      const what = role === undefined ? '' : `, ${role}`
      return [problem(path, `${found}${what}, wanted a host of ${formatSubnet(subnet)}`)]
    }
    return reserved === address ? [problem(path, `${found}, which is our own address`)] : []
  })
}

function reservationsOnce({ reservations = [] }: ReadableNetwork): Finding[] {
  const path = (index: number, key: string) => `${pathOfItem('reservations', index)}.${key}`
  const macs = reservations.map((reservation) => reservation?.mac)
  const addresses = reservations.map((reservation) => reservation?.address)
  return [
    ...repeats(macs).map(({ index, first }) =>
      problem(path(index, 'mac'), `found ${macs[index]} again, first at ${path(first, 'mac')}`),
    ),
    ...repeats(addresses).map(({ index, first }) => {
      const found = formatIpv4(addresses[index] as Ipv4)
      return problem(
        path(index, 'address'),
        `found ${found} again, first at ${path(first, 'address')}`,
      )
    }),
  ]
}

function reservationsForDevices({ reservations = [] }: ReadableNetwork): Finding[] {
  return reservations.flatMap((reservation, index) => {
    const fault = reservation?.mac === undefined ? undefined : findMacFault(reservation.mac)
    if (fault === undefined) return []
    return [
      problem(
        `${pathOfItem('reservations', index)}.mac`,
        `found ${reservation?.mac}, which ${fault}`,
      ),
    ]
  })
}

function peersOnSubnet({ peers = [], subnet, address, relayed }: ReadableNetwork): Finding[] {
  return peers.flatMap((peer, index) => {
    if (peer === undefined) return []
    const path = pathOfItem('peers', index)
    const found = `found ${formatIpv4(peer)}`
    if (peer === address) return [problem(path, `${found}, which is our own address`)]
    // Behind a relay agent the addresses of servers are wherever it sends to.
    if (subnet === undefined || relayed !== false || isHostAddress(subnet, peer)) return []
    return [problem(path, `${found}, wanted a host of ${formatSubnet(subnet)}`)]
  })
}

function peersOnce({ peers = [] }: ReadableNetwork): Finding[] {
  return repeats(peers).map(({ index, first }) => {
    const found = formatIpv4(peers[index] as Ipv4)
    return problem(
      pathOfItem('peers', index),
      `found ${found} again, first at ${pathOfItem('peers', first)}`,
    )
  })
}

function peersNotForClients({ peers = [], pool = [], reservations = [] }: ReadableNetwork) {
  return peers.flatMap((peer): Finding[] => {
    if (peer === undefined) return []
    const what = `the peer ${formatIpv4(peer)}`
    const inPools = pool.flatMap((range, index) => {
      if (range === undefined || !rangeContains(range, peer)) return []
      const message = `found ${formatAddressRange(range)}, which contains ${what}`
      return [problem(pathOfItem('pool', index), message)]
    })
    const reserved = reservations.flatMap((reservation, index) => {
      if (reservation?.address !== peer) return []
      const path = `${pathOfItem('reservations', index)}.address`
      return [problem(path, `found ${formatIpv4(peer)}, which is ${what}`)]
    })
    return [...inPools, ...reserved]
  })
}

function routersReachable({ router = [], subnet, pool = [] }: ReadableNetwork): Finding[] {
  return router.flatMap((address, index) => {
    if (address === undefined) return []
    const path = pathOfItem('router', index)
    const found = `found ${formatIpv4(address)}`
    if (subnet !== undefined && !subnetContains(subnet, address)) {
      return [
        warning(
          path,
          `${found} outside ${formatSubnet(subnet)}: phones without a router cannot reach it`,
        ),
      ]
    }
    const around = pool.find((range) => range !== undefined && rangeContains(range, address))
    if (around === undefined) return []
    return [
      warning(path, `${found} inside the pool ${formatAddressRange(around)}: a phone could get it`),
    ]
  })
}

function leaseTimesInOrder({ leases, maxLeaseTime, name, ...network }: ReadableNetwork): Finding[] {
  if (maxLeaseTime === undefined) return []
  const { leaseTime = usualLeaseTime(leases) } = network
  const lease = `lease of ${formatDuration(leaseTime)} for network ${name ?? 'without a name'}`
  if (leaseTime.seconds > maxLeaseTime.seconds) {
    const maximum = formatDuration(maxLeaseTime)
    return [problem('leaseTime', `${lease} is above maxLeaseTime, which is ${maximum}`)]
  }
  if (leaseTime.seconds >= SHORT_LEASE_SECONDS) return []
  return [
    warning('leaseTime', `${lease} is below ${SHORT_LEASE_SECONDS} s: suitable for tests only`),
  ]
}

function autoEnrolNotForAnyone({ autoEnrol, admit }: ReadableNetwork): Finding[] {
  if (autoEnrol === undefined || admit !== 'anyone') return []
  return [problem('autoEnrol', `found ${autoEnrol} with admit: anyone, wanted enrolled or phones`)]
}

function classesOnce({ classes = [] }: ReadableNetwork): Finding[] {
  const names = classes.map((one) => one?.vendorClass)
  return repeats(names).map(({ index, first }) => {
    const path = `${pathOfItem('classes', index)}.vendorClass`
    const earlier = pathOfItem('classes', first)
    return problem(path, `found "${names[index]}" again, first at ${earlier}`)
  })
}

function filesFromUs({ tftpServers, address }: ReadableNetwork): Finding[] {
  if (tftpServers === undefined || address === undefined || tftpServers.includes(address)) return []
  const ours = formatIpv4(address)
  return [
    warning('tftpServers', `without ${ours}, phones use another TFTP server and are not converted`),
  ]
}

/** Where a value comes a second time, and where it came first. */
export function repeats(
  values: readonly (string | number | undefined)[],
): { readonly index: number; readonly first: number }[] {
  const seen = new Map<string | number, number>()
  return values.flatMap((value, index) => {
    if (value === undefined) return []
    const first = seen.get(value)
    if (first !== undefined) return [{ index, first }]
    seen.set(value, index)
    return []
  })
}

/**
 * What a client gets that asks for no time, where the file says none. A shared lease must outlast a
 * failover of PostgreSQL, while only what is left of it is given.
 */
export function usualLeaseTime(leases: 'here' | 'shared' | undefined): Duration {
  return { seconds: leases === 'shared' ? 3600 : 300 }
}
