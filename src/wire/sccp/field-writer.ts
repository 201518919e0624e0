import { type Ipv4, ipv4ToBytes } from '../../net/ipv4.ts'
import { COUNTED_FROM, HEADER_BYTES, writeUint32Le } from './layout.ts'

/** Writes the fields of one frame in order; all messages of ours have a header of version 0. */
export class FieldWriter {
  readonly #parts: Uint8Array[] = []

  uint32(...values: readonly number[]): this {
    const part = new Uint8Array(4 * values.length)
    for (const [index, value] of values.entries()) writeUint32Le(value, part, 4 * index)
    this.#parts.push(part)
    return this
  }

  ipv4(address: Ipv4): this {
    this.#parts.push(ipv4ToBytes(address))
    return this
  }

  octets(octets: Uint8Array): this {
    this.#parts.push(octets)
    return this
  }

  /** A text of fixed width: cut so that a NUL ends it, and padded with NULs. */
  text(text: string, width: number): this {
    const part = new Uint8Array(width)
    part.set(Buffer.from(text, 'latin1').subarray(0, width - 1))
    this.#parts.push(part)
    return this
  }

  /** The whole frame, freshly allocated. */
  frame(message: number): Uint8Array {
    const payload = Buffer.concat(this.#parts)
    const frame = new Uint8Array(HEADER_BYTES + payload.length)
    writeUint32Le(frame.length - COUNTED_FROM, frame, 0)
    writeUint32Le(message, frame, 8)
    frame.set(payload, HEADER_BYTES)
    return frame
  }
}
