import { type Ipv4, LIMITED_BROADCAST, UNSPECIFIED } from '../net/ipv4.ts'
import { encodeMessage } from '../wire/dhcp/encode-message.ts'
import { BOOTREQUEST, BROADCAST_FLAG, type DhcpMessage, MessageType } from '../wire/dhcp/message.ts'
import type { Arrival, DhcpEffect } from './effect.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'
import type { Scope } from './scope.ts'

/** How long another server has to answer one look: dnsmasq asks the wire for 3 s before it offers. */
const LISTEN_MS = 5000

/** A server that misses this many looks in a row is gone. */
const MISSES_UNTIL_GONE = 2

/** More servers than this on one network are not told apart. */
const MAX_SERVERS = 16

/** Between looks while the network is left to another server: it may be gone soon. */
const REFUSING_INTERVAL_MS = 30_000

/** Another DHCP server, and when it was heard; milliseconds of the engine's clock. */
export type OtherServer = {
  readonly address: Ipv4
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
}

/** Why a network is not served: the first look has not ended, or another server is there. */
export type RogueRefusal = 'looking' | 'other-server'

type RogueServer = {
  readonly firstSeenAtMs: number
  lastSeenAtMs: number
  misses: number
  isSeenNow: boolean
}

type Watch = {
  readonly scope: Scope
  /** Our hardware address in looks. */
  readonly hardware: Uint8Array
  readonly servers: Map<Ipv4, RogueServer>
  xid: number
  nextProbeAtMs: number
  /** When the look under way ends; null between looks. */
  listenUntilMs: number | null
  /** The first look has ended. */
  hasLooked: boolean
}

/**
 * Looks for other DHCP servers on the networks of our interfaces, by a DISCOVER that none but a
 * stranger would answer, and remembers who does.
 *
 * Two DISCOVERs go out each time: one as from a client, answered by broadcast to port 68, and one
 * as through a relay agent at our address, answered to port 67, which we listen on anyway. Nothing is
 * ever requested, and the hardware address is nobody's: no lease is touched, be it the host's own.
 */
export class RogueProbe {
  readonly #watches = new Map<string, Watch>()
  readonly #nextXid: () => number
  readonly #intervalMs: number

  /** @param nextXid - A fresh random 32-bit number each time. */
  constructor(nextXid: () => number, intervalMs: number) {
    this.#nextXid = nextXid
    this.#intervalMs = intervalMs
  }

  /** Watches these scopes from now on; what is known of those watched before stays. */
  replaceScopes(scopes: readonly Scope[], nowMs: number): void {
    const before = new Map(this.#watches)
    this.#watches.clear()
    for (const scope of scopes) {
      if (scope.interfaceName === null) continue
      const known = before.get(scope.name)
      const isSame = known?.scope.interfaceName === scope.interfaceName
      this.#watches.set(
        scope.name,
        isSame && known !== undefined ? { ...known, scope } : newWatch(scope, nowMs),
      )
    }
  }

  /**
   * Why the scope is not served; null if it is. With `onRogueServer: refuse` not before the first
   * look has ended, and not while another server is there.
   */
  refusalOn(scopeName: string): RogueRefusal | null {
    const watch = this.#watches.get(scopeName)
    if (watch === undefined || watch.scope.onRogueServer === 'warn') return null
    if (watch.servers.size > 0) return 'other-server'
    return watch.hasLooked ? null : 'looking'
  }

  /** The other servers known on a scope, in the order in which they were found. */
  serversOn(scopeName: string): readonly OtherServer[] {
    const known = this.#watches.get(scopeName)?.servers ?? []
    return [...known].map(([address, { firstSeenAtMs, lastSeenAtMs }]) => ({
      address,
      firstSeenAtMs,
      lastSeenAtMs,
    }))
  }

  /** Whether a message is one of our own looks, heard by our own socket. */
  isOwnProbe({ xid, chaddr }: DhcpMessage): boolean {
    for (const watch of this.#watches.values()) {
      if (watch.xid !== xid) continue
      if (watch.hardware.every((octet, index) => chaddr[index] === octet)) return true
    }
    return false
  }

  /** Begins looks that are due, ends those whose time is over. Says when to be called next. */
  onWake(nowMs: number): readonly DhcpEffect[] {
    const effects: DhcpEffect[] = []
    let nextAtMs = Number.POSITIVE_INFINITY
    for (const watch of this.#watches.values()) {
      if (watch.listenUntilMs !== null && watch.listenUntilMs <= nowMs) {
        effects.push(...this.#endLook(watch, nowMs))
      }
      if (watch.listenUntilMs === null && watch.nextProbeAtMs <= nowMs) {
        watch.xid = this.#nextXid()
        watch.listenUntilMs = nowMs + LISTEN_MS
        effects.push(...probeEffects(watch.scope, watch.xid))
      }
      nextAtMs = Math.min(nextAtMs, watch.listenUntilMs ?? watch.nextProbeAtMs)
    }
    if (nextAtMs !== Number.POSITIVE_INFINITY) effects.push({ kind: 'wake', atMs: nextAtMs })
    return effects
  }

  /**
   * Judges a reply from the wire: an OFFER, ACK or NAK by whoever it was meant for.
   *
   * @returns Effects if it proves another server on the scope, else undefined.
   */
  onReply(
    message: DhcpMessage,
    arrival: Arrival,
    scope: Scope,
    { isOwn, nowMs }: { readonly isOwn: (address: Ipv4) => boolean; readonly nowMs: number },
  ): readonly DhcpEffect[] | undefined {
    const watch = this.#watches.get(scope.name)
    if (watch === undefined || !isServerReply(message)) return undefined
    const server = readAddress(message, Option.serverIdentifier) || arrival.sourceAddress
    if (isOwn(server) || isOwn(arrival.sourceAddress)) return undefined
    const known = watch.servers.get(server)
    if (known === undefined && watch.servers.size >= MAX_SERVERS) return []
    if (known?.isSeenNow === true) {
      known.lastSeenAtMs = nowMs
      return []
    }
    const firstSeenAtMs = known?.firstSeenAtMs ?? nowMs
    watch.servers.set(server, { firstSeenAtMs, lastSeenAtMs: nowMs, misses: 0, isSeenNow: true })
    return [
      {
        kind: 'note',
        event: {
          event: 'dhcp.rogue.seen',
          scope: scope.name,
          interfaceName: scope.interfaceName,
          server,
          source: arrival.sourceAddress,
          offered: message.yiaddr,
          isRefusing: scope.onRogueServer === 'refuse',
        },
      },
    ]
  }

  #endLook(watch: Watch, nowMs: number): readonly DhcpEffect[] {
    const { scope } = watch
    const effects: DhcpEffect[] = []
    watch.listenUntilMs = null
    watch.hasLooked = true
    for (const [server, state] of watch.servers) {
      state.misses = state.isSeenNow ? 0 : state.misses + 1
      state.isSeenNow = false
      if (state.misses < MISSES_UNTIL_GONE) continue
      watch.servers.delete(server)
      const { name, interfaceName } = scope
      effects.push({
        kind: 'note',
        event: { event: 'dhcp.rogue.gone', scope: name, interfaceName, server },
      })
    }
    const isRefusing = scope.onRogueServer === 'refuse' && watch.servers.size > 0
    watch.nextProbeAtMs = nowMs + (isRefusing ? REFUSING_INTERVAL_MS : this.#intervalMs)
    return effects
  }
}

function newWatch(scope: Scope, nowMs: number): Watch {
  return {
    scope,
    hardware: probeHardware(scope),
    servers: new Map(),
    xid: 0,
    nextProbeAtMs: nowMs,
    listenUntilMs: null,
    hasLooked: false,
  }
}

function isServerReply({ options }: DhcpMessage): boolean {
  const value = options.get(Option.messageType)
  if (value?.length !== 1) return false
  const [type] = value
  return type === MessageType.offer || type === MessageType.ack || type === MessageType.nak
}

/** A locally administered address (IEEE 802-2014 section 8.4), the same at every look. */
function probeHardware(scope: Scope): Uint8Array {
  const { address } = scope
  return Uint8Array.of(2, 0x53, 0x48, (address >>> 16) & 255, (address >>> 8) & 255, address & 255)
}

function probeEffects(scope: Scope, xid: number): readonly DhcpEffect[] {
  return [UNSPECIFIED, scope.address].map((giaddr) => ({
    kind: 'send',
    bytes: probeBytes(scope, xid, giaddr),
    destination: {
      interfaceName: scope.interfaceName,
      localAddress: scope.address,
      address: LIMITED_BROADCAST,
      port: 67,
      hardwareAddress: null,
    },
  }))
}

function probeBytes(scope: Scope, xid: number, giaddr: Ipv4): Uint8Array {
  const chaddr = new Uint8Array(16)
  chaddr.set(probeHardware(scope))
  const empty = new Uint8Array(0)
  const header = {
    op: BOOTREQUEST,
    htype: 1,
    hlen: 6,
    hops: giaddr === 0 ? 0 : 1,
    xid,
    secs: 0,
    flags: BROADCAST_FLAG,
    ciaddr: UNSPECIFIED,
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
    giaddr,
    chaddr,
    sname: empty,
    file: empty,
  }
  const { bytes } = encodeMessage(header, [
    [Option.messageType, Uint8Array.of(MessageType.discover)],
    [Option.parameterRequestList, Uint8Array.of(Option.subnetMask, Option.router)],
  ])
  return bytes
}
