import type { FastifyReply } from 'fastify'
import { peerOf } from './peer.ts'

/** An answer that stays open until something happens. */
export type OpenAnswer = {
  /** Aborted when the client goes, or the server closes. */
  readonly signal: AbortSignal
  /** Gives the place back; to be called once. */
  close(): void
}

/** How many there may be. */
export type OpenAnswerLimits = {
  readonly inAll: number
  /** Of one client: one must not keep the others out. */
  readonly ofOne: number
}

/**
 * Answers that stay open: long polls and event streams. Their number is bounded, that of each client
 * as well, and all end together when the server closes, so that closing never waits for a client.
 */
export class OpenAnswers {
  readonly #limits: OpenAnswerLimits
  /** Each with the name of the token that opened it. */
  readonly #open = new Map<AbortController, string | null>()
  readonly #ofPeer = new Map<string, number>()
  #isClosed = false

  constructor(limits: OpenAnswerLimits) {
    this.#limits = limits
  }

  /** Takes a place; undefined where all are taken, or the server is closing. */
  open(reply: FastifyReply): OpenAnswer | undefined {
    const { inAll, ofOne } = this.#limits
    const peer = peerOf(reply.request.ip)
    const count = this.#ofPeer.get(peer) ?? 0
    if (this.#isClosed || this.#open.size >= inAll || count >= ofOne) return undefined
    const controller = new AbortController()
    this.#open.set(controller, reply.request.caller?.token ?? null)
    this.#ofPeer.set(peer, count + 1)
    const end = () => {
      if (this.#open.delete(controller)) this.#giveBack(peer)
      controller.abort()
    }
    reply.raw.once('close', end)
    return {
      signal: controller.signal,
      close: () => {
        reply.raw.off('close', end)
        end()
      },
    }
  }

  /** Ends all, and lets none begin. */
  closeAll(): void {
    this.#isClosed = true
    for (const controller of this.#open.keys()) controller.abort()
    this.#open.clear()
    this.#ofPeer.clear()
  }

  /** Ends those that a named token has opened: it is not right any more. */
  closeOf(token: string): void {
    // Each gives its place back when its client has gone, which the end of its answer brings about.
    for (const [controller, opener] of this.#open) if (opener === token) controller.abort()
  }

  #giveBack(peer: string): void {
    const left = (this.#ofPeer.get(peer) ?? 1) - 1
    if (left > 0) this.#ofPeer.set(peer, left)
    else this.#ofPeer.delete(peer)
  }
}
