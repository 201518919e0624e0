/**
 * What the server may answer on a scope at a moment, where several servers share its leases.
 *
 * - `full`: everything.
 * - `repeat`: the store cannot be reached; what was promised and stored before is said again, for
 *   the time that is left of it. Nothing new, and never a NAK: another server may decide by now.
 * - `none`: nothing at all; another server answers.
 */
export type ScopeAuthority = 'full' | 'repeat' | 'none'

/** Asked for each message; the time is that of the engine. */
export type AuthorityOf = (scopeName: string, nowMs: number) => ScopeAuthority

/** For a server whose leases no other server changes. */
export const alwaysFull: AuthorityOf = () => 'full'
