import { WireError } from '../wire-error.ts'
import { COUNTED_FROM, HEADER_BYTES, MAX_LENGTH, MIN_LENGTH, uint32LeAt } from './layout.ts'

/**
 * Cuts the bytes of one TCP connection into frames; several in a segment and one over several are
 * both usual. It holds one unfinished frame at most, so 4008 bytes.
 */
export class FrameSplitter {
  #held: Uint8Array = new Uint8Array(0)

  /** Bytes of an unfinished frame. */
  get heldBytes(): number {
    return this.#held.length
  }

  /**
   * Takes what came and hands over each frame as it is complete; a frame is valid during the call.
   *
   * @throws {@link WireError} `BAD_LENGTH` where the length field is below 4 or above 4000: there is
   *   no way to find the next frame, so the connection is of no more use.
   */
  push(bytes: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    let at = 0
    while (all.length - at >= HEADER_BYTES) {
      const end = at + COUNTED_FROM + frameLength(all, at)
      if (end > all.length) break
      onFrame(all.subarray(at, end))
      at = end
    }
    if (all.length - at >= 4) frameLength(all, at)
    // Copied: what came belongs to the socket, which uses the memory for what comes next.
    this.#held = Uint8Array.from(all.subarray(at))
  }
}

function frameLength(bytes: Uint8Array, at: number): number {
  const length = uint32LeAt(bytes, at)
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    const found = `length ${length}, allowed are ${MIN_LENGTH} to ${MAX_LENGTH}`
    throw new WireError('BAD_LENGTH', at, found)
  }
  return length
}
