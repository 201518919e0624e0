type Due = { readonly atMs: number; readonly turn: number; readonly act: () => void }

/** A clock that jumps from one thing that is due to the next; those of one time in their order. */
export class VirtualTime {
  nowMs: number
  readonly #heap: Due[] = []
  #turn = 0

  constructor(startMs: number) {
    this.nowMs = startMs
  }

  after(ms: number, act: () => void): void {
    this.at(this.nowMs + ms, act)
  }

  at(atMs: number, act: () => void): void {
    this.#heap.push({ atMs: Math.max(atMs, this.nowMs), turn: this.#turn++, act })
    this.#rise(this.#heap.length - 1)
  }

  /** Plays what is due, until `isDone`, until nothing is left, or until the time. */
  run(untilMs: number, isDone: () => boolean = () => false): void {
    while (!isDone()) {
      const next = this.#heap[0]
      if (next === undefined || next.atMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, untilMs)
        return
      }
      this.#takeFirst()
      this.nowMs = next.atMs
      next.act()
    }
  }

  #takeFirst(): void {
    const last = this.#heap.pop() as Due
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(from: number): void {
    let index = from
    while (index > 0) {
      const above = (index - 1) >> 1
      if (!this.#isBefore(index, above)) return
      this.#swap(index, above)
      index = above
    }
  }

  #sink(from: number): void {
    let index = from
    for (;;) {
      let least = index
      for (const below of [2 * index + 1, 2 * index + 2]) {
        if (below < this.#heap.length && this.#isBefore(below, least)) least = below
      }
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a] as Due, this.#heap[b] as Due]
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.turn < other.turn)
  }

  #swap(a: number, b: number): void {
    const one = this.#heap[a] as Due
    this.#heap[a] = this.#heap[b] as Due
    this.#heap[b] = one
  }
}
