/** One message of an event stream. */
export type StreamMessage = {
  /** `message` where the stream names none. */
  readonly event: string
  readonly data: string
  /** The last id that the stream has given so far; empty before the first. */
  readonly lastId: string
}

/** More than any event of the API; what is longer is no stream of ours. */
const MAX_PENDING_CHARACTERS = 1 << 20

/**
 * Takes an event stream apart (WHATWG HTML section 9.2.6), in whatever pieces it arrives.
 *
 * `retry` is not read: how long to wait is the reader's affair.
 */
export class EventStreamParser {
  #pending = ''
  #event = ''
  #data: string[] = []
  #lastId = ''

  /**
   * The messages that this piece completes.
   *
   * @throws RangeError where a message does not end within a million characters.
   */
  push(text: string): StreamMessage[] {
    this.#pending += text
    const messages: StreamMessage[] = []
    for (;;) {
      const line = this.#nextLine()
      if (line === undefined) break
      const message = this.#take(line)
      if (message !== undefined) messages.push(message)
    }
    const held = this.#data.reduce((sum, { length }) => sum + length, this.#pending.length)
    if (held > MAX_PENDING_CHARACTERS) throw new RangeError('a message of the stream has no end')
    return messages
  }

  /** A carriage return at the very end may be half of a line end: it waits for the next piece. */
  #nextLine(): string | undefined {
    const end = /\r\n|\n|\r(?!$)/.exec(this.#pending)
    if (end === null) return undefined
    const line = this.#pending.slice(0, end.index)
    this.#pending = this.#pending.slice(end.index + end[0].length)
    return line
  }

  #take(line: string): StreamMessage | undefined {
    if (line === '') return this.#finish()
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') this.#data.push(value)
    if (name === 'event') this.#event = value
    if (name === 'id' && !value.includes('\0')) this.#lastId = value
    return undefined
  }

  #finish(): StreamMessage | undefined {
    const message = {
      event: this.#event === '' ? 'message' : this.#event,
      data: this.#data.join('\n'),
      lastId: this.#lastId,
    }
    const isEmpty = this.#data.length === 0
    this.#event = ''
    this.#data = []
    return isEmpty ? undefined : message
  }
}
