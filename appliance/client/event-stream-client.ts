import { setTimeout as pause } from 'node:timers/promises'

/** One message of a stream of server-sent events. */
export type StreamMessage = {
  /** `message` where the stream says nothing else. */
  readonly event: string
  readonly data: string
}

/** What the stream is opened with. */
export type StreamSource = {
  /**
   * Opens it behind an event; null: from now on.
   *
   * @throws What keeps it from being opened at all; a connection that is lost is opened again.
   */
  readonly open: (lastEventId: string | null) => Promise<AsyncIterable<Uint8Array>>
  /** Whether an error of `open` may pass by itself. */
  readonly mayPass: (error: unknown) => boolean
  /** Told once for each time that the connection was lost. */
  readonly onLost: () => void
}

/** Between two attempts until the stream says otherwise, in milliseconds. */
const RETRY_MS = 2_000
const MAX_RETRY_MS = 30_000

/** A message of ours is below 64 KiB; what never ends a line must not fill the memory. */
const MAX_LINE = 1_048_576

/**
 * Follows server-sent events (WHATWG HTML section 9.2) for good: after a lost connection it asks for
 * what came behind the last event that it has seen, so that nothing is missed and nothing comes twice.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: 15 on 2026-11-30, when the limit came; to be split
export async function* followStream(
  source: StreamSource,
  lastEventId: string | null,
): AsyncGenerator<StreamMessage, never> {
  const reader = new StreamReader(lastEventId)
  for (let isOpen = false; ; ) {
    try {
      const chunks = await source.open(reader.lastEventId)
      isOpen = true
      for await (const chunk of chunks) yield* reader.read(chunk)
    } catch (error) {
      if (!isOpen && !source.mayPass(error)) throw error
      if (isOpen && !isLostConnection(error)) throw error
    }
    if (isOpen) source.onLost()
    isOpen = false
    reader.reset()
    await pause(reader.retryMs)
  }
}

/** All that undici says of a connection that broke while a body came. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && 'code' in error)
}

/** Puts lines together and makes messages of them. */
class StreamReader {
  #decoder = new TextDecoder()
  #rest = ''
  #event = ''
  #data: string[] = []
  #nextId: string | null
  lastEventId: string | null
  retryMs = RETRY_MS

  constructor(lastEventId: string | null) {
    this.lastEventId = lastEventId
    this.#nextId = lastEventId
  }

  /** Forgets half a message: it comes whole on the next connection. */
  reset(): void {
    this.#decoder = new TextDecoder()
    this.#rest = ''
    this.#clear()
    this.#nextId = this.lastEventId
  }

  *read(chunk: Uint8Array): Generator<StreamMessage> {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r\n|\n/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > MAX_LINE) throw new Error('a stream of events has a line without end')
    for (const line of lines) {
      if (line !== '') this.#take(line)
      else {
        this.lastEventId = this.#nextId
        if (this.#data.length > 0) {
          yield { event: this.#event || 'message', data: this.#data.join('\n') }
        }
        this.#clear()
      }
    }
  }

  #take(line: string): void {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#event = value
    else if (field === 'id') this.#nextId = value
    else if (field === 'retry' && /^\d+$/.test(value)) {
      this.retryMs = Math.min(MAX_RETRY_MS, Number(value))
    }
  }

  #clear(): void {
    this.#event = ''
    this.#data = []
  }
}
