import { setTimeout as pause } from 'node:timers/promises'
import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser'

/** One message of a stream of server-sent events. */
export type StreamMessage = {
  /** `message` if the stream names no event. */
  readonly event: string
  readonly data: string
}

/** How the stream is opened. */
export type StreamSource = {
  /**
   * Opens the stream after an event; null: from now on.
   *
   * @throws What prevents opening it at all; a lost connection is opened again.
   */
  readonly open: (lastEventId: string | null) => Promise<AsyncIterable<Uint8Array>>
  /** Whether an error of `open` may pass by itself. */
  readonly mayPass: (error: unknown) => boolean
  /** Called once for each lost connection. */
  readonly onLost: () => void
}

/** Between two attempts until the stream sends another value, in milliseconds. */
const RETRY_MS = 2_000
const MAX_RETRY_MS = 30_000

/** A message of the API is below 64 KiB; a message without an end must not fill the memory. */
const MAX_PENDING_CHARACTERS = 1_048_576

/**
 * Follows server-sent events (WHATWG HTML section 9.2) without end: after a lost connection it asks
 * for the events after the last one that it has seen, so that it misses none and repeats none.
 */
export async function* followStream(
  source: StreamSource,
  lastEventId: string | null,
): AsyncGenerator<StreamMessage, never> {
  const reader = new StreamReader(lastEventId)
  for (;;) {
    const chunks = await openStream(source, reader.lastEventId)
    if (chunks !== null) {
      yield* reader.readAll(chunks)
      source.onLost()
    }
    await pause(reader.retryMs)
  }
}

/** Null where the stream cannot be opened now and may be later. */
async function openStream(source: StreamSource, lastEventId: string | null) {
  try {
    return await source.open(lastEventId)
  } catch (error) {
    if (source.mayPass(error)) return null
    throw error
  }
}

/** What undici throws when a connection breaks during a body. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && 'code' in error)
}

/** Reads connections one after the other, and remembers the last event. */
class StreamReader {
  lastEventId: string | null
  retryMs = RETRY_MS

  constructor(lastEventId: string | null) {
    this.lastEventId = lastEventId
  }

  /** Ends with the connection; half a message is dropped, it comes complete on the next connection. */
  async *readAll(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage, void> {
    const messages: EventSourceMessage[] = []
    const parser = createParser({
      maxBufferSize: MAX_PENDING_CHARACTERS,
      onEvent: (message) => messages.push(message),
      onRetry: (retryMs) => {
        this.retryMs = Math.min(MAX_RETRY_MS, retryMs)
      },
      onError: refuseEndless,
    })
    const decoder = new TextDecoder()
    try {
      for await (const chunk of chunks) {
        parser.feed(decoder.decode(chunk, { stream: true }))
        for (const { id, event = 'message', data } of messages.splice(0)) {
          this.lastEventId = id ?? this.lastEventId
          yield { event, data }
        }
      }
    } catch (error) {
      if (!isLostConnection(error)) throw error
    }
  }
}

/** Unknown fields and invalid values are ignored, as the standard says; a message has an end. */
function refuseEndless(error: ParseError): void {
  if (error.type === 'max-buffer-size-exceeded') {
    throw new Error('a message of the event stream has no end', { cause: error })
  }
}
