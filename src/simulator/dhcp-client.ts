import { type Ipv4, LIMITED_BROADCAST, UNSPECIFIED } from '../net/ipv4.ts'
import { macToBytes } from '../net/mac.ts'
import { decodeMessage } from '../wire/dhcp/decode-message.ts'
import { BOOTREPLY, type DhcpMessage, MessageType } from '../wire/dhcp/message.ts'
import { WireError } from '../wire/wire-error.ts'
import {
  type DhcpIdentity,
  type DhcpWords,
  encodePhoneMessage,
  xidOf,
} from './phone-dhcp-message.ts'
import { leaseIn, type PhoneLease, serverIdIn } from './phone-lease.ts'
import type { TftpServerSource } from './phone-quirks.ts'

/** What a client is made of besides its phone's identity. */
export type DhcpBehaviour = {
  /** When messages are repeated, in milliseconds after the one before. */
  readonly retryMs: readonly number[]
  /** Addresses to decline as taken before one is accepted. */
  readonly declines: number
  /** Where to look for the TFTP server. */
  readonly tftpServerFrom: readonly TftpServerSource[]
}

/** What the caller of a client must do. */
export type DhcpClientEffect =
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly to: Ipv4 }
  | { readonly kind: 'bound'; readonly lease: PhoneLease }
  | { readonly kind: 'extended'; readonly lease: PhoneLease }
  /** NAK: the address that was asked for is not to be used. */
  | { readonly kind: 'refused' }
  /** The lease has ended, or was refused, while it was in use. */
  | { readonly kind: 'lost' }

type State =
  | { readonly kind: 'init-reboot'; readonly address: Ipv4 }
  | { readonly kind: 'selecting' }
  | { readonly kind: 'requesting'; readonly address: Ipv4; readonly serverId: Ipv4 }
  /** Nothing to say until the deadline, then all begins again. */
  | { readonly kind: 'pausing' }
  | { readonly kind: 'bound' | 'renewing' | 'rebinding'; readonly lease: PhoneLease }

/** RFC 2131 section 4.4.5: renewals are not repeated more often than this. */
const LEAST_RENEWAL_MS = 60_000

/**
 * The DHCP client of a phone (RFC 2131 section 4.4), with the behaviour of the 7940 and 7960: the
 * transaction number is made of the last four bytes of its MAC address and never changes, replies
 * are wanted by broadcast, and a known address is asked for again at 0, 4, 12 and 28 s.
 *
 * It owns no socket and no timer: each method takes the time in milliseconds and returns what the
 * caller must do.
 */
export class DhcpClient {
  readonly #identity: DhcpIdentity
  readonly #retriesMs: readonly number[]
  readonly #tftpServerFrom: readonly TftpServerSource[]
  #state: State = { kind: 'selecting' }
  #attempt = 0
  #deadlineMs = Number.POSITIVE_INFINITY
  #begunAtMs = 0
  #declinesLeft: number

  constructor(identity: DhcpIdentity, dhcpBehaviour: DhcpBehaviour) {
    this.#identity = identity
    this.#retriesMs = dhcpBehaviour.retryMs
    this.#tftpServerFrom = dhcpBehaviour.tftpServerFrom
    this.#declinesLeft = dhcpBehaviour.declines
  }

  /** When {@link onWake} wants to be called; infinity for never. */
  get wakeAtMs(): number {
    return this.#deadlineMs
  }

  /** @param known - The address of the last lease, to be asked for again; null for none. */
  begin(known: Ipv4 | null, nowMs: number): DhcpClientEffect[] {
    this.#begunAtMs = nowMs
    const state: State =
      known === null ? { kind: 'selecting' } : { kind: 'init-reboot', address: known }
    return [this.#enter(state, nowMs)]
  }

  /** RFC 2131 section 4.4.6: gives the lease in use back, and looks for another after a pause. */
  release(nowMs: number): DhcpClientEffect[] {
    const state = this.#state
    if (state.kind !== 'bound' && state.kind !== 'renewing' && state.kind !== 'rebinding') return []
    const { address, serverId } = state.lease
    const bytes = this.#encode({ type: MessageType.release, ciaddr: address, serverId }, nowMs)
    this.#pause(nowMs)
    return [{ kind: 'send', bytes, to: serverId }]
  }

  onDatagram(bytes: Uint8Array, nowMs: number): DhcpClientEffect[] {
    const message = this.#replyIn(bytes)
    if (message === undefined) return []
    switch (message.options.get(53)?.[0]) {
      case MessageType.offer:
        return this.#onOffer(message, nowMs)
      case MessageType.ack:
        return this.#onAck(message, nowMs)
      case MessageType.nak:
        return this.#onNak(message, nowMs)
      default:
        return []
    }
  }

  onWake(nowMs: number): DhcpClientEffect[] {
    if (nowMs < this.#deadlineMs) return []
    const state = this.#state
    switch (state.kind) {
      case 'init-reboot':
      case 'requesting':
        if (this.#attempt < this.#retriesMs.length) return [this.#repeat(nowMs)]
        return [this.#enter({ kind: 'selecting' }, nowMs)]
      case 'selecting':
        return [this.#repeat(nowMs)]
      case 'pausing':
        return [this.#enter({ kind: 'selecting' }, nowMs)]
      case 'bound':
      case 'renewing':
      case 'rebinding':
        return this.#keepLease(state.lease, nowMs)
      default:
        return state satisfies never
    }
  }

  #onOffer(message: DhcpMessage, nowMs: number): DhcpClientEffect[] {
    const serverId = serverIdIn(message)
    if (this.#state.kind !== 'selecting' || serverId === undefined) return []
    if (message.yiaddr === UNSPECIFIED) return []
    return [this.#enter({ kind: 'requesting', address: message.yiaddr, serverId }, nowMs)]
  }

  #onAck(message: DhcpMessage, nowMs: number): DhcpClientEffect[] {
    const { kind } = this.#state
    if (kind === 'selecting' || kind === 'pausing' || kind === 'bound') return []
    const lease = leaseIn(message, nowMs, this.#tftpServerFrom)
    if (lease === undefined) return []
    const isNew = kind === 'init-reboot' || kind === 'requesting'
    if (isNew && this.#declinesLeft > 0) return this.#decline(lease, nowMs)
    this.#state = { kind: 'bound', lease }
    this.#deadlineMs = lease.renewAtMs
    return [{ kind: isNew ? 'bound' : 'extended', lease }]
  }

  #onNak(message: DhcpMessage, nowMs: number): DhcpClientEffect[] {
    const state = this.#state
    switch (state.kind) {
      case 'init-reboot':
        return [{ kind: 'refused' }, this.#enter({ kind: 'selecting' }, nowMs)]
      case 'requesting':
        if (serverIdIn(message) !== state.serverId) return []
        this.#pause(nowMs)
        return [{ kind: 'refused' }]
      case 'renewing':
      case 'rebinding':
        this.#pause(nowMs)
        return [{ kind: 'refused' }, { kind: 'lost' }]
      case 'selecting':
      case 'pausing':
      case 'bound':
        return []
      default:
        return state satisfies never
    }
  }

  /** RFC 2131 section 4.4.1: an address that answers already is declined; then a pause, then again. */
  #decline(lease: PhoneLease, nowMs: number): DhcpClientEffect[] {
    this.#declinesLeft--
    const { address, serverId } = lease
    const bytes = this.#encode({ type: MessageType.decline, address, serverId }, nowMs)
    this.#pause(nowMs)
    return [{ kind: 'send', bytes, to: LIMITED_BROADCAST }]
  }

  /** RFC 2131 section 4.4.5: renew by unicast from T1, rebind by broadcast from T2, then let go. */
  #keepLease(lease: PhoneLease, nowMs: number): DhcpClientEffect[] {
    if (nowMs >= lease.expiresAtMs) {
      this.#pause(nowMs)
      return [{ kind: 'lost' }]
    }
    const isRebinding = nowMs >= lease.rebindAtMs
    const untilMs = isRebinding ? lease.expiresAtMs : lease.rebindAtMs
    const waitMs = Math.max((untilMs - nowMs) / 2, LEAST_RENEWAL_MS)
    this.#state = { kind: isRebinding ? 'rebinding' : 'renewing', lease }
    this.#deadlineMs = Math.min(nowMs + waitMs, untilMs)
    const to = isRebinding ? LIMITED_BROADCAST : lease.serverId
    const bytes = this.#encode({ type: MessageType.request, ciaddr: lease.address }, nowMs)
    return [{ kind: 'send', bytes, to }]
  }

  #pause(nowMs: number): void {
    this.#state = { kind: 'pausing' }
    this.#deadlineMs = nowMs + this.#retryMs(0)
  }

  #enter(state: State, nowMs: number): DhcpClientEffect {
    this.#state = state
    this.#attempt = 0
    return this.#repeat(nowMs)
  }

  #repeat(nowMs: number): DhcpClientEffect {
    this.#deadlineMs = nowMs + this.#retryMs(this.#attempt)
    this.#attempt++
    return { kind: 'send', bytes: this.#messageNow(nowMs), to: LIMITED_BROADCAST }
  }

  /** The message of the states in which the phone has no address. */
  #messageNow(nowMs: number): Uint8Array {
    const state = this.#state
    if (state.kind === 'init-reboot') {
      return this.#encode({ type: MessageType.request, address: state.address }, nowMs)
    }
    if (state.kind === 'requesting') {
      const { address, serverId } = state
      return this.#encode({ type: MessageType.request, address, serverId }, nowMs)
    }
    return this.#encode({ type: MessageType.discover }, nowMs)
  }

  #encode(words: Pick<DhcpWords, 'type'> & Partial<DhcpWords>, nowMs: number): Uint8Array {
    const elapsedMs = nowMs - this.#begunAtMs
    const nothing = { ciaddr: UNSPECIFIED, address: null, serverId: null, elapsedMs }
    return encodePhoneMessage(this.#identity, { ...nothing, ...words })
  }

  #replyIn(bytes: Uint8Array): DhcpMessage | undefined {
    try {
      const message = decodeMessage(bytes)
      if (message.op !== BOOTREPLY || message.xid !== xidOf(this.#identity.mac)) return undefined
      const own = macToBytes(this.#identity.mac)
      return own.every((octet, index) => message.chaddr[index] === octet) ? message : undefined
    } catch (error) {
      // What is no DHCP message is dropped, as the phone drops it.
      if (error instanceof WireError) return undefined
      throw error
    }
  }

  #retryMs(attempt: number): number {
    return this.#retriesMs[Math.min(attempt, this.#retriesMs.length - 1)] ?? LEAST_RENEWAL_MS
  }
}
