import type { Ipv4 } from '../net/ipv4.ts'
import type { Datagram } from './datagram.ts'

type Held = { readonly datagram: Datagram; readonly hall: number; readonly heldAtMs: number }

type OfClient = { readonly hall: number; requests: number }

/** Requests that are held at once; what comes on top is dropped, and its client asks again. */
const MAX_HELD = 4096

/**
 * Requests of clients whose transfers run in a hall. Each waits until the hall has told what came
 * before it: a phone that acknowledges the last block of an image and asks for its next file must be
 * seen to have received the image.
 */
export class HeldRequests {
  readonly #held = new Map<number, Held>()
  /** Those of one client all wait for the same hall. */
  readonly #perClient = new Map<Ipv4, OfClient>()
  #lastFence = 0

  /** The hall whose report this client's earlier request waits for; undefined where none does. */
  hallOf(client: Ipv4): number | undefined {
    return this.#perClient.get(client)?.hall
  }

  /**
   * Keeps a copy of a datagram.
   *
   * @returns The number of the fence behind which it goes on; undefined where too many are held.
   */
  hold(datagram: Datagram, hall: number, nowMs: number): number | undefined {
    if (this.#held.size >= MAX_HELD) return undefined
    const { length, client, clientPort, channel } = datagram
    const bytes = datagram.bytes.slice(0, length)
    const copy = { bytes, length, client, clientPort, channel }
    const fence = ++this.#lastFence
    this.#held.set(fence, { datagram: copy, hall, heldAtMs: nowMs })
    const ofClient = this.#perClient.get(client)
    if (ofClient === undefined) this.#perClient.set(client, { hall, requests: 1 })
    else ofClient.requests++
    return fence
  }

  /** The request behind a fence; undefined where it has gone on already. */
  take(fence: number): Datagram | undefined {
    const held = this.#held.get(fence)
    if (held === undefined) return undefined
    this.#held.delete(fence)
    const { datagram } = held
    const ofClient = this.#perClient.get(datagram.client) as OfClient
    ofClient.requests--
    if (ofClient.requests === 0) this.#perClient.delete(datagram.client)
    return datagram
  }

  /** The requests that wait for a hall, oldest first. */
  takeAllOf(hall: number): readonly Datagram[] {
    const fences = [...this.#held].filter(([, held]) => held.hall === hall)
    return fences.map(([fence]) => this.take(fence) as Datagram)
  }

  /** When the oldest request began to wait for this hall; undefined where none does. */
  waitingSinceMs(hall: number): number | undefined {
    for (const held of this.#held.values()) if (held.hall === hall) return held.heldAtMs
    return undefined
  }
}
