import type { FastifyReply } from 'fastify'

/** An answer that stays open until something happens. */
export type OpenAnswer = {
  /** Aborted when the client goes, or the server closes. */
  readonly signal: AbortSignal
  /** Gives the place back; to be called once. */
  close(): void
}

/**
 * Answers that stay open: long polls and event streams. Their number is bounded, and all end
 * together when the server closes, so that closing never waits for a client.
 */
export class OpenAnswers {
  readonly #max: number
  readonly #open = new Set<AbortController>()
  #isClosed = false

  constructor(max: number) {
    this.#max = max
  }

  /** Takes a place; undefined where all are taken, or the server is closing. */
  open(reply: FastifyReply): OpenAnswer | undefined {
    if (this.#isClosed || this.#open.size >= this.#max) return undefined
    const controller = new AbortController()
    this.#open.add(controller)
    const end = () => {
      this.#open.delete(controller)
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
    for (const controller of this.#open) controller.abort()
    this.#open.clear()
  }
}
