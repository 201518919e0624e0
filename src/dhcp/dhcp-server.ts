import type { LeaseTable } from '../leases/lease-table.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { BOOTREPLY, BOOTREQUEST, type DhcpMessage, MessageType } from '../wire/dhcp/message.ts'
import type { AdmissionTables, ClientDirectory } from './admission.ts'
import { decline } from './decline.ts'
import type { Arrival, DhcpEffect } from './effect.ts'
import type { Exchange, Tables } from './exchange.ts'
import { inform } from './inform.ts'
import { RelaySources } from './message-origin.ts'
import { type ClientMessageType, openExchange, unserved } from './open-exchange.ts'
import { Option } from './option-codes.ts'
import type { OtherServer } from './other-servers.ts'
import { type PendingProbe, PendingProbes } from './pending-probes.ts'
import { resumeDiscover, serveDiscover } from './probed-discover.ts'
import { release } from './release.ts'
import { repeatPromise } from './repeat-promise.ts'
import { request } from './request.ts'
import { RogueProbe, type RogueRefusal } from './rogue-probe.ts'
import type { Scope } from './scope.ts'
import { type AuthorityOf, alwaysFull } from './scope-authority.ts'
import { ScopeIndex } from './select-scope.ts'
import type { StoredPromises } from './stored-promises.ts'

/** What a {@link DhcpServer} is made of. */
export type DhcpServerParts = {
  readonly scopes: readonly Scope[]
  /** Made of the same scopes and directory. */
  readonly leaseTable: LeaseTable
  readonly directory: ClientDirectory
  /** Whether option 60, trailing NUL removed, is that of a phone we convert. */
  readonly isPhone: (vendorClass: string) => boolean
  /** A fresh random 32-bit number each time: the xid of looks for other servers. */
  readonly nextXid: () => number
  /**
   * Whether an address is one of this machine's, on whatever interface; a client may have chosen us
   * by any of them (RFC 2131 section 4.1). Left out: the networks' addresses alone are ours.
   */
  readonly isMachineAddress?: (address: Ipv4) => boolean
  /** Left out: the leases are this server's alone, and it answers everything. */
  readonly authorityOf?: AuthorityOf
  readonly promises: StoredPromises
  /** Between two looks for other DHCP servers, milliseconds; default five minutes. */
  readonly rogueIntervalMs?: number
}

const ROGUE_INTERVAL_MS = 300_000

const TYPES: ReadonlyMap<number, ClientMessageType> = new Map([
  [MessageType.discover, 'discover'],
  [MessageType.request, 'request'],
  [MessageType.decline, 'decline'],
  [MessageType.release, 'release'],
  [MessageType.inform, 'inform'],
])

/**
 * The DHCP server (RFC 2131), without sockets, timers or a clock.
 *
 * Each method takes the time and returns what the caller must do, in order. Call `onWake` once at
 * the start, then whenever a `wake` effect's time has come; a call too early does no harm.
 */
export class DhcpServer {
  readonly #leaseTable: LeaseTable
  readonly #probes = new PendingProbes()
  readonly #rogues: RogueProbe
  readonly #tables: Tables
  readonly #admission: AdmissionTables
  readonly #authorityOf: AuthorityOf
  #index: ScopeIndex

  constructor(parts: DhcpServerParts) {
    this.#leaseTable = parts.leaseTable
    this.#index = new ScopeIndex(parts.scopes)
    this.#rogues = new RogueProbe(parts.nextXid, parts.rogueIntervalMs ?? ROGUE_INTERVAL_MS)
    this.#rogues.replaceScopes(parts.scopes, 0)
    this.#admission = {
      directory: parts.directory,
      leaseTable: parts.leaseTable,
      isPhone: parts.isPhone,
    }
    const isMachineAddress = parts.isMachineAddress ?? (() => false)
    this.#authorityOf = parts.authorityOf ?? alwaysFull
    this.#tables = {
      leaseTable: parts.leaseTable,
      isOwn: (address) => this.#index.isOwn(address) || isMachineAddress(address),
      relays: new RelaySources(),
      promises: parts.promises,
    }
  }

  /** Takes one message that came in. Its bytes are not kept beyond the call. */
  handle(message: DhcpMessage, arrival: Arrival, nowMs: number): readonly DhcpEffect[] {
    if (message.op !== BOOTREQUEST) return this.#onReply(message, arrival, nowMs)
    const type = typeOf(message)
    if (type === undefined) return [unserved(message, arrival, 'message', 'no-message-type')]
    if (this.#rogues.isOwnProbe(message)) return [unserved(message, arrival, type, 'own-probe')]
    const opened = openExchange(message, arrival, nowMs, {
      type,
      index: this.#index,
      rogues: this.#rogues,
      admission: this.#admission,
      authorityOf: this.#authorityOf,
    })
    switch (opened.kind) {
      case 'ignored':
        return [opened.effect]
      case 'left':
        return []
      case 'open':
        if (opened.authority === 'repeat') return repeatPromise(opened.exchange, this.#tables, type)
        return this.#repeatWhileFailing(opened.exchange, type) ?? this.#serve(opened.exchange, type)
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return opened satisfies never
    }
  }

  /**
   * Takes the answer to a `probe` effect.
   *
   * @param interfaceName - That of the effect.
   * @param inUse - Null where the wire could not be asked.
   */
  onProbeResult(
    address: Ipv4,
    interfaceName: string | null,
    inUse: boolean | null,
    nowMs: number,
  ): readonly DhcpEffect[] {
    const pending = this.#probes.take(address, interfaceName)
    return pending === undefined ? [] : this.#resume(pending, inUse, nowMs)
  }

  /** Does what is due: answers those who waited too long for the wire, looks for other servers. */
  onWake(nowMs: number): readonly DhcpEffect[] {
    const effects: DhcpEffect[] = []
    for (const pending of this.#probes.takeOverdue(nowMs)) {
      effects.push(...this.#resume(pending, null, nowMs))
    }
    effects.push(...this.#rogues.onWake(nowMs))
    return effects
  }

  /** Loads edited scopes, for the lease table as well. Clients that wait for the wire ask again. */
  replaceScopes(scopes: readonly Scope[], nowMs: number): readonly DhcpEffect[] {
    this.#leaseTable.replaceScopes(scopes)
    this.#index = new ScopeIndex(scopes)
    this.#probes.clear()
    this.#rogues.replaceScopes(scopes, nowMs)
    return this.#rogues.onWake(nowMs)
  }

  /** The other DHCP servers known on a scope. */
  rogueServersOn(scopeName: string): readonly OtherServer[] {
    return this.#rogues.serversOn(scopeName)
  }

  /** Why a scope is not served for fear of another server; null if it is. */
  refusalOn(scopeName: string): RogueRefusal | null {
    return this.#rogues.refusalOn(scopeName)
  }

  /** Goes on with a DISCOVER, unless the scope went to another server while it waited. */
  #resume(pending: PendingProbe, inUse: boolean | null, nowMs: number): readonly DhcpEffect[] {
    if (this.#authorityOf(pending.exchange.scope.name, nowMs) !== 'full') return []
    const now = { ...pending, exchange: { ...pending.exchange, nowMs } }
    return resumeDiscover(now, inUse, this.#tables, this.#probes)
  }

  /**
   * A holder that asks again, because its answer waited for a store that failed, does not wait for it
   * once more. Null: there is no such promise, or the store is well.
   */
  #repeatWhileFailing(exchange: Exchange, type: ClientMessageType): readonly DhcpEffect[] | null {
    if (!this.#tables.promises.isFailing(exchange.scope.name)) return null
    const effects = repeatPromise(exchange, this.#tables, type)
    return effects.length > 0 ? effects : null
  }

  /** The only place that tells message types apart. */
  #serve(exchange: Exchange, type: ClientMessageType): readonly DhcpEffect[] {
    switch (type) {
      case 'discover':
        return serveDiscover(exchange, this.#tables, this.#probes, 1)
      case 'request':
        return request(exchange, this.#tables)
      case 'decline':
        return decline(exchange, this.#tables)
      case 'release':
        return release(exchange, this.#tables)
      case 'inform':
        return inform(exchange)
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return type satisfies never
    }
  }

  /** A reply on the wire is not ours to answer, but says that there is another server. */
  #onReply(message: DhcpMessage, arrival: Arrival, nowMs: number): readonly DhcpEffect[] {
    const served =
      this.#index.onInterface(arrival.interfaceName) ?? this.#index.containing(message.giaddr)
    const seen =
      message.op === BOOTREPLY && served !== undefined
        ? this.#rogues.onReply(message, arrival, served.scope, {
            isOwn: (address) => this.#index.isOwn(address),
            nowMs,
          })
        : undefined
    return seen ?? [unserved(message, arrival, 'message', 'not-a-request')]
  }
}

function typeOf({ options }: DhcpMessage): ClientMessageType | undefined {
  const value = options.get(Option.messageType)
  if (value?.length !== 1) return undefined
  const [type = 0] = value
  return TYPES.get(type)
}
