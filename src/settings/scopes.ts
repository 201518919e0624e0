import { INFINITE_SECONDS } from '../dhcp/lease-time.ts'
import type { Scope } from '../dhcp/scope.ts'
import { type Ipv4, writeIpv4 } from '../net/ipv4.ts'
import { maskOf } from '../net/subnet.ts'
import type { OutgoingOption } from '../wire/dhcp/message.ts'
import type { Duration } from './notation.ts'
import { KEYS_OF_OPTIONS, NO_KEYS } from './option-rules.ts'
import { readOptions } from './read-options.ts'
import type { OptionsAsWritten } from './readable.ts'
import type { NetworkSettings, Settings } from './settings.ts'

/** How long an offered address waits for its REQUEST: phones that boot together are slow. */
const OFFER_HOLD_MS = 60_000

/** Twice the difference between two clocks that appliances with shared leases may have (rule R2). */
const REUSE_AFTER_MS = 60_000

/** Where files are is said in every way that a phone may listen to, asked for or not. */
const FORCED_CODES = [66, 150]

/**
 * The networks as the DHCP engine serves them. Options are merged and encoded here, once, and not
 * for every message.
 */
export function scopesOf(settings: Settings): readonly Scope[] {
  return settings.networks.map(scopeOf)
}

/** One network as the DHCP engine serves it. */
export function scopeOf(network: NetworkSettings): Scope {
  return {
    name: network.name,
    subnet: network.subnet,
    address: network.address,
    peers: network.peers,
    pools: network.pool,
    reservations: network.reservations,
    reuseAfterMs: network.leases === 'shared' ? REUSE_AFTER_MS : 0,
    interfaceName: network.interface ?? null,
    // Where phones are enrolled by themselves, they must get an address to show what they are.
    admit: network.autoEnrol === undefined ? network.admit : 'phones',
    leaseSeconds: secondsOnTheWire(network.leaseTime),
    maxLeaseSeconds: secondsOnTheWire(network.maxLeaseTime),
    authoritative: network.authoritative,
    rapidCommit: network.rapidCommit,
    subnetSelection: network.subnetSelection,
    probe: network.probe,
    offerHoldMs: OFFER_HOLD_MS,
    declineHoldMs: network.declineHold.seconds * 1000,
    reclaim: network.reclaim,
    onRogueServer: network.onRogueServer,
    // The three ways to name the server agree: option 150 is the one that the operator may set.
    siaddr: network.tftpServers[0] as Ipv4,
    options: optionsOf(network),
    forcedCodes: FORCED_CODES,
    classes: new Map(
      network.classes.map(({ vendorClass, options }) => [vendorClass, encoded(options, NO_KEYS)]),
    ),
  }
}

/** Keys of the network first, then its further options, in the order in which they were written. */
function optionsOf(network: NetworkSettings): readonly OutgoingOption[] {
  const { router = [], dns = [], domain, tftpServerName, tftpServers, options = {} } = network
  const ofKeys: OutgoingOption[] = [
    [1, addressList([maskOf(network.subnet)])],
    [3, addressList(router)],
    [6, addressList(dns)],
    [15, new TextEncoder().encode(domain ?? '')],
    [66, new TextEncoder().encode(tftpServerName)],
    [150, addressList(tftpServers)],
  ]
  const given = ofKeys.filter(([, value]) => value.length > 0)
  return [...given, ...encoded(options, KEYS_OF_OPTIONS)]
}

/** The settings were checked: there is nothing to find. */
function encoded(
  options: OptionsAsWritten,
  ownKeys: ReadonlyMap<number, string>,
): readonly OutgoingOption[] {
  return readOptions(options, '', ownKeys).options
}

function addressList(addresses: readonly Ipv4[]): Uint8Array {
  const bytes = new Uint8Array(addresses.length * 4)
  for (const [index, address] of addresses.entries()) writeIpv4(address, bytes, index * 4)
  return bytes
}

function secondsOnTheWire({ seconds }: Duration): number {
  return seconds === Number.POSITIVE_INFINITY ? INFINITE_SECONDS : seconds
}
