/**
 * Why a statement failed, seen by what the caller can do.
 *
 * - `away`: no server could be reached, or the connection broke before the statement was sent. It has
 *   not been carried out.
 * - `unknown`: the connection broke or the time was over after it was sent, or the server warned that
 *   it was not replicated. It may have been carried out.
 * - `refused`: the server has carried out nothing and says why.
 */
export type PostgresFault = 'away' | 'unknown' | 'refused'

/** A failed statement or connection. The message holds no password. */
export class PostgresError extends Error {
  readonly fault: PostgresFault
  /** SQLSTATE, five characters; empty where the server said none. */
  readonly code: string

  constructor(fault: PostgresFault, message: string, code = '') {
    super(message)
    this.name = 'PostgresError'
    this.fault = fault
    this.code = code
  }
}
