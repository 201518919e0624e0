import type { ClientDirectory, EnrolledClient } from '../../src/dhcp/admission.ts'
import { DhcpServer } from '../../src/dhcp/dhcp-server.ts'
import type { Arrival, DhcpEffect, ReplyDestination } from '../../src/dhcp/effect.ts'
import type { DhcpEvent } from '../../src/dhcp/events.ts'
import type { Scope } from '../../src/dhcp/scope.ts'
import type { ScopeAuthority } from '../../src/dhcp/scope-authority.ts'
import type { StoredPromises } from '../../src/dhcp/stored-promises.ts'
import type { LeaseChange } from '../../src/leases/binding.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import { formatIpv4, type Ipv4, ipv4FromBytes } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import type { DhcpMessage } from '../../src/wire/dhcp/message.ts'
import {
  aDiscover,
  aRequest,
  ip,
  type MessageParts,
  octetsOf,
  textOctets,
} from './a-dhcp-message.ts'

export const START_MS = 1_700_000_000_000
export const SERVER = '10.20.0.2'

/** A network of fifty addresses on eth0.120, as an operator would write it. */
export function aScope(parts: Partial<Scope> = {}): Scope {
  return {
    name: 'bench',
    subnet: parseSubnet('10.20.0.0/24') as Subnet,
    address: ip(SERVER),
    peers: [],
    pools: [{ first: ip('10.20.0.50'), last: ip('10.20.0.99') }],
    reservations: [],
    interfaceName: 'eth0.120',
    admit: 'anyone',
    leaseSeconds: 300,
    maxLeaseSeconds: 3600,
    authoritative: true,
    rapidCommit: false,
    subnetSelection: false,
    probe: false,
    offerHoldMs: 60_000,
    declineHoldMs: 600_000,
    reclaim: 'never',
    onRogueServer: 'warn',
    siaddr: ip(SERVER),
    options: [
      [3, octetsOf('10.20.0.1')],
      [1, octetsOf('255.255.255.0')],
      [6, octetsOf('10.20.0.1')],
      [15, textOctets('lab.example')],
      [42, octetsOf('10.20.0.1')],
      [66, textOctets(SERVER)],
      [150, octetsOf(SERVER)],
    ],
    forcedCodes: [66, 150],
    classes: new Map(),
    ...parts,
  }
}

/** A network behind a relay agent at 10.30.0.1. */
export function aRelayedScope(parts: Partial<Scope> = {}): Scope {
  return aScope({
    name: 'floor-3',
    subnet: parseSubnet('10.30.0.0/24') as Subnet,
    pools: [{ first: ip('10.30.0.50'), last: ip('10.30.0.99') }],
    interfaceName: null,
    address: ip('192.0.2.2'),
    siaddr: ip('192.0.2.2'),
    ...parts,
  })
}

/** A reply as the wire would carry it. */
export type SentReply = {
  readonly message: DhcpMessage
  readonly bytes: Uint8Array
  readonly destination: ReplyDestination
  readonly yiaddr: string
  readonly to: string
  /** `offer`, `ack` or `nak`. */
  readonly type: string
}

/** What one call of the engine came to. */
export type Outcome = {
  readonly effects: readonly DhcpEffect[]
  readonly kinds: readonly string[]
  readonly replies: readonly SentReply[]
  readonly events: readonly DhcpEvent[]
  readonly changes: readonly LeaseChange[]
  readonly probes: readonly string[]
  readonly wakes: readonly number[]
}

/** The first and only reply of an outcome. */
export function onlyReply({ replies, events }: Outcome): SentReply {
  const [reply, ...rest] = replies
  if (reply === undefined || rest.length > 0) {
    throw new Error(`${replies.length} replies: ${JSON.stringify(events)}`)
  }
  return reply
}

/** Why nothing was sent; the reply's type where something was. */
export function reasonOf({ replies, events }: Outcome): string {
  const [event] = events
  if (replies.length > 0 || event === undefined) return replies.map(({ type }) => type).join()
  return 'reason' in event ? event.reason : event.event
}

export type LabOptions = {
  readonly scopes?: readonly Scope[]
  readonly enrolled?: Readonly<Record<string, EnrolledClient>>
  /** Addresses of the machine that are no network's. */
  readonly machine?: readonly string[]
}

/** The engine with its tables in memory, and a clock that tests turn. */
export class DhcpLab implements ClientDirectory {
  readonly enrolled = new Map<Mac, EnrolledClient>()
  readonly leaseTable: LeaseTable
  readonly server: DhcpServer
  nowMs = START_MS
  /** What the server may answer, on every scope. */
  authority: ScopeAuthority = 'full'
  /** Addresses whose record is not stored as it is. */
  readonly unstored = new Set<Ipv4>()
  /** Whether leases could not be stored a moment ago. */
  isFailing = false
  promises: StoredPromises = {
    promiseOf: (record) => (this.unstored.has(record.address) ? undefined : record),
    isFailing: () => this.isFailing,
  }
  #xid = 0x1000

  constructor({ scopes = [aScope()], enrolled = {}, machine }: LabOptions = {}) {
    for (const [mac, client] of Object.entries(enrolled)) this.enroll(mac, client)
    this.leaseTable = new LeaseTable(scopes, this)
    this.server = new DhcpServer({
      scopes,
      leaseTable: this.leaseTable,
      directory: this,
      isPhone: (vendorClass) => vendorClass.startsWith('Cisco Systems, Inc. IP Phone'),
      nextXid: () => this.#xid++,
      authorityOf: () => this.authority,
      promises: {
        promiseOf: (record) => this.promises.promiseOf(record),
        isFailing: (scopeName) => this.promises.isFailing(scopeName),
      },
      ...(machine !== undefined && {
        isMachineAddress: (address: Ipv4) => machine.includes(formatIpv4(address)),
      }),
    })
  }

  enroll(mac: string, client: EnrolledClient = { network: null, address: null }): void {
    this.enrolled.set(parseMac(mac) as Mac, client)
  }

  find(mac: Mac): EnrolledClient | undefined {
    return this.enrolled.get(mac)
  }

  ownerOf(address: Ipv4): Mac | undefined {
    for (const [mac, client] of this.enrolled) if (client.address === address) return mac
    return undefined
  }

  pass(ms: number): void {
    this.nowMs += ms
  }

  handle(message: DhcpMessage, arrival: Partial<Arrival> = {}): Outcome {
    const whole = {
      interfaceName: 'eth0.120',
      localAddress: ip(SERVER),
      sourceAddress: message.giaddr || message.ciaddr,
      sourcePort: message.giaddr === 0 ? 68 : 67,
      ...arrival,
    }
    return outcomeOf(this.server.handle(message, whole, this.nowMs))
  }

  /** A whole exchange of a client; the address that it has got at the end. */
  bind(parts: MessageParts = {}, arrival: Partial<Arrival> = {}): string {
    const offer = onlyReply(this.handle(aDiscover(parts), arrival))
    const serverId = formatIpv4(ipv4FromBytes(offer.message.options.get(54) as Uint8Array, 0))
    const request = aRequest({ ...parts, requested: offer.yiaddr, serverId })
    return onlyReply(this.handle(request, arrival)).yiaddr
  }

  /** The wire has answered, or could not be asked. */
  probed(
    address: string,
    inUse: boolean | null,
    interfaceName: string | null = 'eth0.120',
  ): Outcome {
    return outcomeOf(this.server.onProbeResult(ip(address), interfaceName, inUse, this.nowMs))
  }

  wake(): Outcome {
    return outcomeOf(this.server.onWake(this.nowMs))
  }
}

export function outcomeOf(effects: readonly DhcpEffect[]): Outcome {
  const replies: SentReply[] = []
  const events: DhcpEvent[] = []
  const changes: LeaseChange[] = []
  const probes: string[] = []
  const wakes: number[] = []
  for (const effect of effects) {
    if (effect.kind === 'send') replies.push(sent(effect.bytes, effect.destination))
    if (effect.kind === 'event') events.push(effect.event)
    if (effect.kind === 'commit') changes.push(...effect.changes)
    if (effect.kind === 'probe') probes.push(formatIpv4(effect.address))
    if (effect.kind === 'wake') wakes.push(effect.atMs)
  }
  return {
    effects,
    kinds: effects.map(({ kind }) => kind),
    replies,
    events,
    changes,
    probes,
    wakes,
  }
}

const TYPES = new Map([
  [1, 'discover'],
  [2, 'offer'],
  [5, 'ack'],
  [6, 'nak'],
])

function sent(bytes: Uint8Array, destination: ReplyDestination): SentReply {
  const message = decodeMessage(bytes)
  return {
    message,
    bytes,
    destination,
    yiaddr: formatIpv4(message.yiaddr),
    to: `${formatIpv4(destination.address)}:${destination.port}`,
    type: TYPES.get(message.options.get(53)?.[0] ?? 0) ?? 'unknown',
  }
}

/** The codes of the options field in the order on the wire, End included. */
export function optionCodes(bytes: Uint8Array): readonly number[] {
  const codes: number[] = []
  let at = 240
  while (at < bytes.length) {
    const code = bytes[at] ?? 255
    codes.push(code)
    if (code === 255) return codes
    at += code === 0 ? 1 : 2 + (bytes[at + 1] ?? 0)
  }
  return codes
}

/** The value of an option that holds a 32-bit number; undefined if it is not there. */
export function uint32Of({ message }: SentReply, code: number): number | undefined {
  const value = message.options.get(code)
  if (value === undefined) return undefined
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(0)
}
