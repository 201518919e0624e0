const NONE = -1
const OUT = -2

/** Small numbers in the order in which they came, each of which can leave from the middle in constant time. */
export class PlaceQueue {
  /** By place: who came before and after it; `OUT` where it is not in the queue. */
  readonly #before: number[] = []
  readonly #after: number[] = []
  #first = NONE
  #last = NONE

  /** The one that has been here for longest; undefined where there is none. */
  get first(): number | undefined {
    return this.#first === NONE ? undefined : this.#first
  }

  /** @param place - 0 or more, and not in the queue. */
  add(place: number): void {
    this.#before[place] = this.#last
    this.#after[place] = NONE
    if (this.#last === NONE) this.#first = place
    else this.#after[this.#last] = place
    this.#last = place
  }

  /** Takes it out; does nothing where it is not in the queue. */
  delete(place: number): void {
    const before = this.#before[place] ?? OUT
    if (before === OUT) return
    const after = this.#after[place] as number
    if (before === NONE) this.#first = after
    else this.#after[before] = after
    if (after === NONE) this.#last = before
    else this.#before[after] = before
    this.#before[place] = OUT
  }
}
