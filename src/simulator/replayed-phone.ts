import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { DhcpClient, type DhcpClientEffect } from './dhcp-client.ts'
import type { PhoneEffect } from './effect.ts'
import type { PhoneNews } from './events.ts'
import type { DhcpIdentity } from './phone-dhcp-message.ts'
import type { PhoneEngine } from './phone-engine.ts'
import type { PhoneLease } from './phone-lease.ts'
import { DEFAULT_QUIRKS } from './phone-quirks.ts'
import { DEFAULT_TIMING } from './phone-timing.ts'
import type { ReplayEffect, TraceReplay } from './trace-replay.ts'

/** What a replayed phone is made of. */
export type ReplayedPhoneConfig = {
  /** Who asks DHCP. */
  readonly identity: DhcpIdentity
  readonly replay: TraceReplay
  /** Where to ask for files, without DHCP; null: whom DHCP names. */
  readonly server: Ipv4 | null
}

/** Answers may be on their way when the last request has been sent. */
const GRACE_MS = 1_000

/**
 * A phone that does what a trace says: it asks DHCP once, keeps its address, and sends the requests of the trace.
 *
 * It owns no socket, timer or clock: each method takes the time in milliseconds and returns what the caller must do.
 */
export class ReplayedPhone implements PhoneEngine {
  readonly mac: Mac
  readonly #identity: DhcpIdentity
  readonly #replay: TraceReplay
  readonly #server: Ipv4 | null
  #dhcp: DhcpClient | null = null
  #lease: PhoneLease | null = null
  /** Where the requests of the trace go; null before they have begun. */
  #asked: Ipv4 | null = null
  #replayAtMs = Number.POSITIVE_INFINITY
  #endsAtMs = Number.POSITIVE_INFINITY
  #effects: PhoneEffect[] = []

  constructor({ identity, replay, server }: ReplayedPhoneConfig) {
    this.mac = identity.mac
    this.#identity = identity
    this.#replay = replay
    this.#server = server
  }

  /** The address that DHCP gave; null for none. */
  get address(): Ipv4 | null {
    return this.#lease?.address ?? null
  }

  powerOn(nowMs: number): PhoneEffect[] {
    if (this.#server !== null) {
      this.#begin(this.#server, nowMs)
      return this.#takeEffects()
    }
    const { tftpServerFrom } = DEFAULT_QUIRKS
    const dhcpBehaviour = { retryMs: DEFAULT_TIMING.dhcpRetryMs, declines: 0, tftpServerFrom }
    this.#dhcp = new DhcpClient(this.#identity, dhcpBehaviour)
    this.#onDhcpEffects(this.#dhcp.begin(null, nowMs), nowMs)
    return this.#takeEffects()
  }

  /** A trace is played as it is: nothing is done to the phone meanwhile. */
  reset(): PhoneEffect[] {
    return []
  }

  /** See {@link reset}. */
  factoryReset(): PhoneEffect[] {
    return []
  }

  /** See {@link reset}. */
  checkSync(): PhoneEffect[] {
    return []
  }

  readonly hasOwnPower = false

  /** A trace has no registrations. */
  onSocket(): PhoneEffect[] {
    return []
  }

  powerOff(): PhoneEffect[] {
    this.#onReplayEffects(this.#replay.abandon(), 0)
    this.#dropAddress()
    this.#dhcp = null
    this.#replayAtMs = Number.POSITIVE_INFINITY
    this.#endsAtMs = Number.POSITIVE_INFINITY
    return this.#takeEffects()
  }

  onDhcp(bytes: Uint8Array, nowMs: number): PhoneEffect[] {
    if (this.#dhcp === null) return []
    this.#onDhcpEffects(this.#dhcp.onDatagram(bytes, nowMs), nowMs)
    return this.#takeEffects()
  }

  onTftp(transferId: number, bytes: Uint8Array, fromPort: number, nowMs: number): PhoneEffect[] {
    this.#onReplayEffects(this.#replay.onDatagram(transferId, bytes, fromPort, nowMs), nowMs)
    return this.#takeEffects()
  }

  onWake(nowMs: number): PhoneEffect[] {
    if (this.#dhcp !== null) this.#onDhcpEffects(this.#dhcp.onWake(nowMs), nowMs)
    if (nowMs >= this.#replayAtMs) this.#onReplayEffects(this.#replay.onWake(nowMs), nowMs)
    if (nowMs >= this.#endsAtMs) {
      this.#endsAtMs = Number.POSITIVE_INFINITY
      this.#report({ event: 'phone.replay.ended' }, nowMs)
    }
    return this.#takeEffects()
  }

  #begin(server: Ipv4, nowMs: number): void {
    this.#asked = server
    this.#onReplayEffects(this.#replay.begin(nowMs), nowMs)
  }

  #onDhcpEffects(effects: readonly DhcpClientEffect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#effects.push({ kind: 'dhcp-send', bytes: effect.bytes, to: effect.to })
          break
        case 'bound':
          this.#onLease(effect.lease, nowMs)
          break
        case 'extended':
          this.#lease = effect.lease
          break
        case 'refused':
          this.#report({ event: 'phone.address.refused' }, nowMs)
          break
        case 'lost':
          this.#dropAddress()
          break
        default:
          effect satisfies never
      }
    }
  }

  #onLease(lease: PhoneLease, nowMs: number): void {
    const { address, mask, router, tftpServers } = lease
    this.#lease = lease
    this.#effects.push({ kind: 'configure-address', address, mask, router })
    this.#report({ event: 'phone.address.taken', address, tftpServers }, nowMs)
    const [server] = tftpServers
    // A phone that has begun goes on with its trace from the address that it has now.
    if (this.#asked === null && server !== undefined) this.#begin(server, nowMs)
  }

  #onReplayEffects(effects: readonly ReplayEffect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'tftp-open':
          this.#effects.push({ ...effect, server: this.#asked as Ipv4 })
          break
        case 'tftp-send':
        case 'tftp-close':
          this.#effects.push(effect)
          break
        case 'wake':
          this.#replayAtMs = effect.atMs ?? Number.POSITIVE_INFINITY
          this.#endsAtMs = effect.atMs === null ? nowMs + GRACE_MS : Number.POSITIVE_INFINITY
          break
        default:
          effect satisfies never
      }
    }
  }

  #dropAddress(): void {
    if (this.#lease === null) return
    this.#effects.push({ kind: 'drop-address', address: this.#lease.address })
    this.#lease = null
  }

  #report(news: PhoneNews, atMs: number): void {
    this.#effects.push({ kind: 'event', event: { ...news, mac: this.mac, atMs } })
  }

  #takeEffects(): PhoneEffect[] {
    const atMs = Math.min(
      this.#dhcp?.wakeAtMs ?? Number.POSITIVE_INFINITY,
      this.#replayAtMs,
      this.#endsAtMs,
    )
    this.#effects.push({ kind: 'wake', atMs: Number.isFinite(atMs) ? atMs : null })
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}
