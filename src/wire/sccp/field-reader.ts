import { type Ipv4, ipv4FromBytes } from '../../net/ipv4.ts'
import { WireError } from '../wire-error.ts'
import { uint32LeAt } from './layout.ts'

/** Reads the fields of one frame in order. Each read throws `TRUNCATED` where the frame ends before. */
export class FieldReader {
  readonly #frame: Uint8Array
  #at: number

  constructor(frame: Uint8Array, at: number) {
    this.#frame = frame
    this.#at = at
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#frame.length - this.#at
  }

  uint32(): number {
    return uint32LeAt(this.#frame, this.#take(4))
  }

  /** In network order, unlike everything else. */
  ipv4(): Ipv4 {
    return ipv4FromBytes(this.#frame, this.#take(4))
  }

  /** A view, not a copy. */
  octets(count: number): Uint8Array {
    const start = this.#take(count)
    return this.#frame.subarray(start, start + count)
  }

  rest(): Uint8Array {
    return this.octets(this.left)
  }

  /** A text of fixed width, up to its first NUL. */
  text(width: number): string {
    const field = this.octets(width)
    const end = field.indexOf(0)
    return Buffer.from(field.subarray(0, end < 0 ? width : end)).toString('latin1')
  }

  #take(count: number): number {
    const start = this.#at
    if (this.left < count) {
      const found = `${this.left} octets left, ${count} are wanted`
      throw new WireError('TRUNCATED', this.#frame.length, found)
    }
    this.#at += count
    return start
  }
}
