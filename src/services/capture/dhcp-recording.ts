import type { Arrival, ReplyDestination } from '../../dhcp/effect.ts'
import { LIMITED_BROADCAST, UNSPECIFIED } from '../../net/ipv4.ts'
import { type Mac, macFromBytes } from '../../net/mac.ts'
import { Offset } from '../../wire/dhcp/layout.ts'
import { type Captured, type End, ipPacket } from './captured.ts'

/** A boot is four messages, a conversion some twenty boots; the rest are renewals. */
export const MESSAGES_A_PHONE = 256

/** Of all phones together, in bytes: some two thousand phones with a boot or a dozen each. */
const RECORDING_BYTES = 16 * 1024 * 1024

/** What the recording asks of the appliance. */
export type DhcpRecordingParts = {
  /** Only these phones are recorded: each packet of an unknown device costs a look-up. */
  readonly isEnrolled: (mac: Mac) => boolean
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
  /** The port that we serve. */
  readonly port: number
  readonly maxBytes?: number
}

type Kept = { readonly packets: Captured[]; bytes: number }

/**
 * The DHCP messages of enrolled phones as they travelled, since the start and in memory alone: the
 * newest of each phone. Where all phones together have too many, the phone that was silent longest
 * loses its own.
 */
export class DhcpRecording {
  readonly #parts: DhcpRecordingParts
  readonly #maxBytes: number
  /** In the order in which the phones were heard last. */
  readonly #kept = new Map<Mac, Kept>()
  #bytes = 0

  constructor(parts: DhcpRecordingParts) {
    this.#parts = parts
    this.#maxBytes = parts.maxBytes ?? RECORDING_BYTES
  }

  /** Bytes held. */
  get sizeBytes(): number {
    return this.#bytes
  }

  /** A whole, well-formed message came in; `bytes` are the caller's and copied. */
  onReceived(bytes: Uint8Array, arrival: Arrival): void {
    const mac = this.#enrolledIn(bytes)
    if (mac === undefined) return
    const { sourceAddress, sourcePort, localAddress } = arrival
    // A socket does not tell what a datagram was sent to; without an address it was a broadcast.
    const isBroadcast = sourceAddress === UNSPECIFIED
    this.#keep(mac, bytes, {
      from: { address: sourceAddress, port: sourcePort },
      to: { address: isBroadcast ? LIMITED_BROADCAST : localAddress, port: this.#parts.port },
    })
  }

  /** A reply left; `bytes` are copied. */
  onSent(bytes: Uint8Array, { localAddress, address, port }: ReplyDestination): void {
    const mac = this.#enrolledIn(bytes)
    if (mac === undefined) return
    const from = { address: localAddress, port: this.#parts.port }
    this.#keep(mac, bytes, { from, to: { address, port } })
  }

  /** What is held of a phone, oldest first. */
  of(mac: Mac): readonly Captured[] {
    return this.#kept.get(mac)?.packets ?? []
  }

  #enrolledIn(bytes: Uint8Array): Mac | undefined {
    const mac = macFromBytes(bytes.subarray(Offset.chaddr, Offset.chaddr + 6))
    return this.#parts.isEnrolled(mac) ? mac : undefined
  }

  #keep(mac: Mac, payload: Uint8Array, ends: Ends): void {
    const bytes = ipPacket(ends.from, ends.to, payload)
    const kept = this.#kept.get(mac) ?? { packets: [], bytes: 0 }
    this.#kept.delete(mac)
    this.#kept.set(mac, kept)
    const atMs = this.#parts.nowMs()
    kept.packets.push({ atMs, bytes, originalBytes: bytes.length, comment: null })
    this.#count(kept, bytes.length)
    const oldest = kept.packets.length > MESSAGES_A_PHONE ? kept.packets.shift() : undefined
    if (oldest !== undefined) this.#count(kept, -oldest.bytes.length)
    while (this.#bytes > this.#maxBytes) this.#dropLongestSilent()
  }

  #count(kept: Kept, bytes: number): void {
    kept.bytes += bytes
    this.#bytes += bytes
  }

  #dropLongestSilent(): void {
    const [mac, { bytes }] = this.#kept.entries().next().value as [Mac, Kept]
    this.#kept.delete(mac)
    this.#bytes -= bytes
  }
}

type Ends = { readonly from: End; readonly to: End }
