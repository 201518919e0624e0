import pg from 'pg'

/** What an operator does about a refusal, by SQLSTATE (PostgreSQL 15 documentation, appendix A). */
const ADVICE: Readonly<Record<string, string>> = {
  '25006':
    'it is read-only: see default_transaction_read_only of the server, the database and the user',
  '28P01': 'see the user and the password of the URL; another URL is read at the next start',
  '3D000': 'see the database of the URL, or create it',
  '42501':
    'the user must own the schema switchhook and its tables; to make them at the first start it needs CREATE on the database',
  '42P01':
    'the tables in the schema switchhook are not as they were made: restore them from a backup',
  '3F000': 'the schema switchhook is not there any more: restore it from a backup',
  '53100': 'the disk of PostgreSQL is full',
  '53300': 'each appliance needs five connections: see max_connections, and the limit of the user',
}

/** Why something failed, in words; with what to do about it, where PostgreSQL has said why. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const advice = error instanceof pg.DatabaseError ? ADVICE[error.code ?? ''] : undefined
  return advice === undefined ? error.message : `${error.message} (${advice})`
}
