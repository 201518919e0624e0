import { type Ipv4, LIMITED_BROADCAST, UNSPECIFIED } from '../net/ipv4.ts'
import { clientHeader } from '../wire/dhcp/client-header.ts'
import { encodeMessage } from '../wire/dhcp/encode-message.ts'
import { type DhcpMessage, MessageType } from '../wire/dhcp/message.ts'
import type { Arrival, DhcpEffect } from './effect.ts'
import { Option } from './option-codes.ts'
import { type OtherServer, OtherServers } from './other-servers.ts'
import { readAddress } from './read-option.ts'
import type { Scope } from './scope.ts'

/** How long another server has to answer one look: dnsmasq asks the wire for 3 s before it offers. */
const LISTEN_MS = 5000

/**
 * From look to look while the network is left to another server, so that two missed ones are over
 * within 30 s; and the least that lies between looks where one is begun early.
 */
const QUICK_INTERVAL_MS = 10_000

/** Why a network is not served: the first look has not ended, or another server is there. */
export type RogueRefusal = 'looking' | 'other-server'

type Watch = {
  readonly scope: Scope
  /** Our hardware address in looks. */
  readonly hardware: Uint8Array
  readonly servers: OtherServers
  /** Of the latest look, which may be over. */
  xid: number
  lookedAtMs: number
  nextProbeAtMs: number
  /** When the look under way ends; null between looks. */
  listenUntilMs: number | null
  /** The first probe has ended, and a second one if a server answered the first. */
  hasLooked: boolean
  looks: number
  /** A server was overheard that was not known: it is worth a look. */
  isLookWanted: boolean
}

/**
 * Looks for other DHCP servers on the networks of our interfaces, by a DISCOVER that none but a
 * server that is not ours would answer, and remembers who does.
 *
 * Two DISCOVERs go out each time: one as from a client, answered by broadcast to port 68, and one
 * as through a relay agent at our address, answered to port 67, which we listen on anyway. Nothing is
 * ever requested, and the hardware address belongs to no device: no lease is touched, not even the host's own.
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
      const watch =
        isSame && known !== undefined
          ? { ...known, scope }
          : newWatch(scope, nowMs, this.#intervalMs)
      this.#watches.set(scope.name, watch)
      // One that is to be refused from now on may have been heard before.
      this.#lookSooner(watch, nowMs)
    }
  }

  /**
   * Why the scope is not served; null if it is. With `onRogueServer: refuse` not before the first
   * look has ended, and not while another server is proven to be there (`OtherServers`).
   */
  refusalOn(scopeName: string): RogueRefusal | null {
    const watch = this.#watches.get(scopeName)
    if (watch === undefined || watch.scope.onRogueServer === 'warn') return null
    if (watch.servers.isAnyProven) return 'other-server'
    return watch.hasLooked ? null : 'looking'
  }

  /** The other servers known on a scope, in the order in which they were found. */
  serversOn(scopeName: string): readonly OtherServer[] {
    return this.#watches.get(scopeName)?.servers.list() ?? []
  }

  /** Whether a message is one of our own looks, heard by our own socket. */
  isOwnProbe({ xid, chaddr }: DhcpMessage): boolean {
    for (const watch of this.#watches.values()) {
      if (isOfLook(watch, xid, chaddr)) return true
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
        watch.lookedAtMs = nowMs
        watch.looks++
        watch.isLookWanted = false
        watch.listenUntilMs = nowMs + LISTEN_MS
        effects.push(...probeEffects(watch.scope, watch.xid))
      }
      nextAtMs = Math.min(nextAtMs, watch.listenUntilMs ?? watch.nextProbeAtMs)
    }
    if (nextAtMs !== Number.POSITIVE_INFINITY) effects.push({ kind: 'wake', atMs: nextAtMs })
    return effects
  }

  /**
   * Judges a reply from the wire: an OFFER, ACK or NAK, whichever client it was meant for.
   *
   * @returns Effects if it is another server's on the scope, else undefined.
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
    if (scope.peers.includes(server)) return undefined
    const isAnswer = isOfLook(watch, message.xid, message.chaddr)
    const heard = watch.servers.onReply(server, isAnswer, nowMs)
    if (heard === undefined) return []
    if (heard.isNew && !isAnswer) watch.isLookWanted = true
    const effects = this.#lookSooner(watch, nowMs)
    if (!heard.isNews) return effects
    const { name, interfaceName, onRogueServer } = scope
    const event = {
      event: 'dhcp.rogue.seen',
      scope: name,
      interfaceName,
      server,
      source: arrival.sourceAddress,
      offered: message.yiaddr,
      isRefusing: onRogueServer === 'refuse' && heard.isProven,
    } as const
    return [{ kind: 'event', event }, ...effects]
  }

  #endLook(watch: Watch, nowMs: number): readonly DhcpEffect[] {
    const { name, interfaceName } = watch.scope
    watch.listenUntilMs = null
    const effects = watch.servers.onLookEnded().map((server): DhcpEffect => {
      return {
        kind: 'event',
        event: { event: 'dhcp.rogue.gone', scope: name, interfaceName, server },
      }
    })
    // A server has answered the first probe: the second one settles the finding.
    watch.hasLooked = watch.looks > 1 || watch.servers.proofAtMs === null
    watch.nextProbeAtMs = Math.min(nowMs + this.#intervalMs, soonerLookAtMs(watch))
    return effects
  }

  /** Where a look is worth having earlier, begins it then. */
  #lookSooner(watch: Watch, nowMs: number): readonly DhcpEffect[] {
    const atMs = Math.max(nowMs, soonerLookAtMs(watch))
    if (watch.listenUntilMs !== null || atMs >= watch.nextProbeAtMs) return []
    watch.nextProbeAtMs = atMs
    return [{ kind: 'wake', atMs }]
  }
}

/** When the next look is due by what is known of other servers; infinity where that is no matter. */
function soonerLookAtMs({ scope, servers, lookedAtMs, isLookWanted }: Watch): number {
  if (scope.onRogueServer === 'warn') return Number.POSITIVE_INFINITY
  const quickMs = servers.isAnyProven || isLookWanted ? lookedAtMs + QUICK_INTERVAL_MS : null
  return Math.min(
    quickMs ?? Number.POSITIVE_INFINITY,
    servers.proofAtMs ?? Number.POSITIVE_INFINITY,
  )
}

/** Whether a message is of a watch's latest look: the look itself, or an answer to it. */
function isOfLook({ xid, hardware, looks }: Watch, ofMessage: number, chaddr: Uint8Array): boolean {
  return looks > 0 && xid === ofMessage && hardware.every((octet, at) => chaddr[at] === octet)
}

function newWatch(scope: Scope, nowMs: number, reportAgainMs: number): Watch {
  return {
    scope,
    hardware: probeHardware(scope),
    servers: new OtherServers(reportAgainMs),
    xid: 0,
    lookedAtMs: nowMs,
    nextProbeAtMs: nowMs,
    listenUntilMs: null,
    hasLooked: false,
    looks: 0,
    isLookWanted: false,
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
  const header = clientHeader({ xid, hardware: probeHardware(scope), giaddr })
  const { bytes } = encodeMessage(header, [
    [Option.messageType, Uint8Array.of(MessageType.discover)],
    [Option.parameterRequestList, Uint8Array.of(Option.subnetMask, Option.router)],
  ])
  return bytes
}
