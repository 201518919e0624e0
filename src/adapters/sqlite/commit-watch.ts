import type { DatabaseError } from './database-error.ts'

/** A commit that has been on its way to the disk for longer than this holds up phones. */
const PATIENCE_MS = 10_000

/** What became of the transactions of a database, and how old the one under way is. */
export class CommitWatch {
  readonly #clockMs: () => number
  #storedAtMs: number
  #failure: DatabaseError | null = null
  #beganAtMs: number | null = null

  /** @param clockMs - Milliseconds of a clock that never steps. */
  constructor(clockMs: () => number) {
    this.#clockMs = clockMs
    this.#storedAtMs = clockMs()
  }

  /** A transaction is on its way to the disk. */
  begin(): void {
    this.#beganAtMs = this.#clockMs()
  }

  /** The transaction under way has ended; null: at least a part of it is on disk. */
  end(failure: DatabaseError | null): void {
    this.#beganAtMs = null
    this.note(failure)
  }

  /** A transaction beside the one under way has ended. */
  note(failure: DatabaseError | null): void {
    this.#failure = failure
    if (failure === null) this.#storedAtMs = this.#clockMs()
  }

  /** Whether the last transaction that ended is on disk, and is younger than so many milliseconds. */
  hasStoredWithin(ms: number): boolean {
    return this.#failure === null && this.#clockMs() - this.#storedAtMs < ms
  }

  /** Why nothing can be stored, in words; null as far as is known it can. */
  fault(): string | null {
    if (this.#failure !== null) return this.#failure.message
    if (this.#beganAtMs === null) return null
    const ageMs = this.#clockMs() - this.#beganAtMs
    if (ageMs <= PATIENCE_MS) return null
    return `a commit has been waiting for the disk for ${Math.round(ageMs / 1000)} s`
  }
}
