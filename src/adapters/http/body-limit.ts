import { Transform, type TransformCallback } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { JSON_BODY_LIMIT_BYTES } from './json-body.ts'
import { ProblemError, problemOf } from './problem.ts'

/** Bytes of uploads that are held at once, unless told otherwise. */
export const DEFAULT_UPLOADS_IN_FLIGHT = 64 * 1024 * 1024
/** Bytes of all other bodies at once. */
const BODIES_IN_FLIGHT = 16 * 1024 * 1024

/** A body must bring so many bytes in so many milliseconds, or end. */
const LEAST_BYTES = 5 * 1024
const LEAST_EVERY_MS = 5_000

/** What a client is told to wait before it tries again, in seconds. */
const RETRY_AFTER_SECONDS = 5

/**
 * Bounds what bodies of requests take in memory, all of them together, from their first byte until
 * the request has been answered; and ends those that hardly come. Uploads have an allowance of their
 * own, so that they never keep a phone from being enrolled.
 */
export function limitBodies(app: FastifyInstance, uploadsInFlight: number): void {
  const uploads = new Room(uploadsInFlight)
  const others = new Room(BODIES_IN_FLIGHT)
  app.addHook('preParsing', async (request, reply, payload) => {
    const { bodyLimit } = request.routeOptions
    const announced = Number(request.headers['content-length'] ?? 0)
    // Longer than the route accepts: the parser says so, without reading it.
    if (announced > bodyLimit) return payload
    const isUpload = bodyLimit > JSON_BODY_LIMIT_BYTES
    const room = isUpload ? uploads : others
    if (announced > room.size) throw new ProblemError(problemOf('too-large', neverFits(room.size)))
    const refuse = () => {
      reply.header('retry-after', RETRY_AFTER_SECONDS)
      return new ProblemError(problemOf('unavailable', noRoom(isUpload, room.size)))
    }
    // A client that names the length is answered before the body.
    if (announced > room.left) throw refuse()
    const held = room.hold(refuse)
    const body = new HeldBody(held)
    // The parser may have answered already, and hears no more; a fault must end nothing else.
    body.on('error', () => {})
    payload.on('error', (error) => body.destroy(error))
    reply.raw.once('close', () => {
      held.release()
      payload.unpipe(body)
      body.destroy()
    })
    return payload.pipe(body)
  })
}

function neverFits(size: number): string {
  const most = `${Math.floor(size / 1024)} KiB`
  return `The body is larger than the limit for all uploads together, ${most}: raise api.maxUploadsInFlight`
}

function noRoom(isUpload: boolean, size: number): string {
  const what = isUpload ? 'uploads' : 'requests'
  return (
    `Other ${what} use all of the ${Math.floor(size / 1024 / 1024)} MiB available for requests in progress; ` +
    `retry in ${RETRY_AFTER_SECONDS} s`
  )
}

/** Bytes that may be held at once. */
class Room {
  readonly size: number
  #taken = 0

  constructor(size: number) {
    this.size = size
  }

  get left(): number {
    return this.size - this.#taken
  }

  hold(refuse: () => Error): Held {
    let bytes = 0
    let isReleased = false
    return {
      add: (more) => {
        if (isReleased) return null
        if (more > this.left) return refuse()
        bytes += more
        this.#taken += more
        return null
      },
      release: () => {
        isReleased = true
        this.#taken -= bytes
        bytes = 0
      },
    }
  }
}

type Held = {
  /** Takes room for more bytes; an error where there is none. */
  readonly add: (bytes: number) => Error | null
  readonly release: () => void
}

/** A body on its way to its parser, counted. */
class HeldBody extends Transform {
  readonly #held: Held
  readonly #timer: NodeJS.Timeout
  #bytes = 0

  constructor(held: Held) {
    super()
    this.#held = held
    let before = 0
    this.#timer = setInterval(() => {
      if (this.#bytes - before < LEAST_BYTES) this.destroy(tooSlow())
      before = this.#bytes
    }, LEAST_EVERY_MS)
    this.#timer.unref()
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length
    const refusal = this.#held.add(chunk.length)
    if (refusal === null) done(null, chunk)
    else done(refusal)
  }

  override _flush(done: TransformCallback): void {
    clearInterval(this.#timer)
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#timer)
    done(error)
  }
}

function tooSlow(): ProblemError {
  const detail =
    `The body arrived too slowly, below ${LEAST_BYTES / 1024} KiB in ${LEAST_EVERY_MS / 1000} s; ` +
    'send it again over a faster connection'
  return new ProblemError(problemOf('request-timeout', detail))
}
