import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser'
import { type PageApi, problemIn, Refusal } from './page-api.ts'
import type { SaidEvent } from './types.ts'

/** Who follows. Every callback comes while the stream is read; none may throw. */
export type Follower = {
  /** The stream is open; `isResumed`: nothing was missed since it was open last. */
  readonly onOpen: (isResumed: boolean) => void
  readonly onEvent: (event: SaidEvent) => void
  /** Events are missing that the appliance no longer keeps. */
  readonly onGap: () => void
  /** The stream is gone; it is opened again by itself. */
  readonly onLost: (error: unknown) => void
}

/** As the stream itself says in its `retry`. */
const RETRY_MS = 2_000

/** The API sends a heartbeat each 15 s; twice without one, and the connection is dead. */
const SILENCE_MS = 40_000

/** Longer than any event of the API: a message without an end must not fill the memory. */
const MAX_PENDING_CHARACTERS = 1 << 20

/**
 * Follows the event stream of the API until the signal aborts. EventSource would do it, but cannot
 * send a token.
 */
export async function followEvents(
  api: PageApi,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  let lastId = ''
  while (!signal.aborted) {
    try {
      const response = await open(api, lastId, signal)
      follower.onOpen(lastId !== '')
      lastId = await readStream(response, follower, lastId)
      follower.onLost(null)
    } catch (error) {
      lastId = error instanceof BrokenStream ? error.lastId : lastId
      if (!signal.aborted) follower.onLost(error)
    }
    await pause(RETRY_MS, signal)
  }
}

/** Carries the event after which to continue. */
class BrokenStream extends Error {
  readonly lastId: string

  constructor(lastId: string, cause: unknown) {
    super('the stream ended unexpectedly', { cause })
    this.lastId = lastId
  }
}

async function open(api: PageApi, lastId: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch('/v1/events', {
    headers: {
      accept: 'text/event-stream',
      ...api.headers(),
      ...(lastId === '' ? {} : { 'last-event-id': lastId }),
    },
    cache: 'no-store',
    signal,
  })
  if (!response.ok) throw new Refusal(await problemIn(response))
  return response
}

async function readStream(response: Response, follower: Follower, from: string): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return from
  const messages: EventSourceMessage[] = []
  const parser = createParser({
    maxBufferSize: MAX_PENDING_CHARACTERS,
    onEvent: (message) => messages.push(message),
    onError: refuseEndless,
  })
  const decoder = new TextDecoder()
  let lastId = from
  try {
    for (;;) {
      const silence = setTimeout(() => void reader.cancel(), SILENCE_MS)
      const { done, value } = await reader.read().finally(() => clearTimeout(silence))
      if (done) return lastId
      parser.feed(decoder.decode(value, { stream: true }))
      for (const message of messages.splice(0)) {
        lastId = message.id || lastId
        tell(follower, message)
      }
    }
  } catch (cause) {
    void reader.cancel().catch(() => undefined)
    throw new BrokenStream(lastId, cause)
  }
}

/** Unknown fields are ignored, as the standard says; a message has an end. */
function refuseEndless(error: ParseError): void {
  if (error.type === 'max-buffer-size-exceeded') throw error
}

function tell(follower: Follower, { event, data }: EventSourceMessage): void {
  if (event === 'gap') follower.onGap()
  else follower.onEvent(JSON.parse(data) as SaidEvent)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
