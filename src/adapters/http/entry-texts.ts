import type { FastifyReply } from 'fastify'
import type { Static, TSchema } from 'typebox'

type Kept = { readonly text: Buffer; readonly besides: readonly unknown[] }

/**
 * The JSON text of each entry of a list, made once. Entries are replaced and never changed, so a text
 * holds as long as its entry and what else stands in it are the same; it goes with its entry. Without
 * it, a list of 10,000 phones is written again for each caller, and the garbage costs more than that.
 */
export class EntryTexts<Entry extends object> {
  readonly #kept = new WeakMap<Entry, Kept>()

  /**
   * The text of an entry.
   *
   * @param besides - What its text says besides the entry: the very same values mean the same text.
   */
  of(entry: Entry, besides: readonly unknown[], write: () => string): Buffer {
    const known = this.#kept.get(entry)
    if (known !== undefined && isSame(known.besides, besides)) return known.text
    const text = Buffer.from(write())
    this.#kept.set(entry, { text, besides })
    return text
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((one, at) => one === now[at])
}

/** Writes values of one schema as JSON, for a reply; the reply knows how to write by a schema. */
export function jsonWriter<Schema extends TSchema>(schema: Schema) {
  // The same object each time: what is compiled of it is kept with it.
  const known = { ...(schema as object) }
  return (reply: FastifyReply, value: Static<Schema>): string =>
    reply.compileSerializationSchema(known)(value)
}

const [COMMA, OPEN, CLOSE] = [Buffer.from(','), Buffer.from('['), Buffer.from(']')]
const [END, CONVERSION] = [Buffer.from('}'), Buffer.from(',"conversion":')]

/** The text of an entry, whole or in parts. */
export type EntryText = Buffer | readonly Buffer[]

/** The text of an object with its conversion as one more member. */
export function withConversion(object: Buffer, conversion: Buffer): EntryText {
  return [object.subarray(0, -1), CONVERSION, conversion, END]
}

/** Answers with the JSON array of these texts. */
export function sendTexts(reply: FastifyReply, texts: readonly EntryText[]): FastifyReply {
  const parts: Buffer[] = [OPEN]
  for (const text of texts) {
    if (parts.length > 1) parts.push(COMMA)
    if (Buffer.isBuffer(text)) parts.push(text)
    else parts.push(...text)
  }
  parts.push(CLOSE)
  return reply.type('application/json; charset=utf-8').send(Buffer.concat(parts))
}
