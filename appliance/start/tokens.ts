import { createHash, randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { type TokenSecrets, type TokenStore, Tokens } from '../../src/services/access/tokens.ts'
import { logIgnoredRows } from './ignored-rows.ts'

/** Bytes of randomness in a token. */
const TOKEN_BYTES = 32

/** So that scanners of repositories and logs can tell what they have found. */
const PREFIX = 'swh_'

/** Makes tokens and their digests; `Tokens` says why SHA-256 is enough. */
export const TOKEN_SECRETS: TokenSecrets = {
  make: () => `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`,
  digest: (secret) => createHash('sha256').update(secret, 'utf8').digest('hex'),
}

/** Reads the named tokens; a row that makes no sense is left out and logged: it opens nothing. */
export async function loadTokens(
  store: TokenStore,
  { log, nowMs }: { readonly log: Logger; readonly nowMs: () => number },
): Promise<Tokens> {
  const { tokens, faults } = await store.load()
  logIgnoredRows(log, faults)
  return new Tokens({ store, secrets: TOKEN_SECRETS, nowMs }, tokens)
}
