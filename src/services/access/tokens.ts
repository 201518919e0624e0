import type { NotFound } from '../../inventory/inventory-outcome.ts'
import { Observers } from '../observers.ts'
import type { NamedToken, TokenCreation, TokenRole, TokenService, TokenUse } from '../services.ts'

/** A token as it is stored: what it is checked by, never the token itself. */
export type StoredToken = NamedToken & {
  /** SHA-256 of the token, lower-case hex. */
  readonly digest: string
}

/** Where named tokens survive a restart. */
export interface TokenStore {
  /** `faults`: rows that make no sense, in words. */
  load(): Promise<{ readonly tokens: readonly StoredToken[]; readonly faults: readonly string[] }>
  /** Resolves when all changes are on disk, by name; null deletes. */
  save(changes: ReadonlyMap<string, StoredToken | null>): Promise<void>
}

/** What makes tokens and checks them: a port, because this needs cryptography. */
export type TokenSecrets = {
  /** A new token with 256 random bits. */
  readonly make: () => string
  /** SHA-256 of a token, lower-case hex. */
  readonly digest: (secret: string) => string
}

/** What tokens are kept with. */
export type TokenParts = {
  readonly store: TokenStore
  readonly secrets: TokenSecrets
  readonly nowMs: () => number
}

/** More clients than one appliance has; a script that makes a token a run is stopped here. */
export const MOST_TOKENS = 100

/**
 * The named tokens of the API, beside that of the configuration.
 *
 * A token is 256 random bits, so a plain SHA-256 of it is enough: scrypt and its like make guessing a
 * password expensive, and these cannot be guessed. A slow hash would only let a client that sends wrong
 * tokens keep the processor busy.
 */
export class Tokens implements TokenService {
  readonly #parts: TokenParts
  readonly #deleted = new Observers<[name: string]>()
  readonly #byName = new Map<string, StoredToken>()
  readonly #byDigest = new Map<string, StoredToken>()
  /** When each was used last, by name; since the start, because each request would cost a write. */
  readonly #usedAtMs = new Map<string, number>()
  /** Names that are being stored. */
  readonly #reserved = new Set<string>()

  constructor(parts: TokenParts, stored: readonly StoredToken[]) {
    this.#parts = parts
    for (const token of stored) this.#keep(token)
  }

  list(): readonly TokenUse[] {
    const all = [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return all.map(({ name, role, createdAtMs }) => ({
      name,
      role,
      createdAtMs,
      lastUsedAtMs: this.#usedAtMs.get(name) ?? null,
    }))
  }

  async create(name: string, role: TokenRole): Promise<TokenCreation> {
    if (this.#byName.has(name) || this.#reserved.has(name)) return { kind: 'exists' }
    if (this.#byName.size + this.#reserved.size >= MOST_TOKENS) return { kind: 'full' }
    const { store, secrets, nowMs } = this.#parts
    const secret = secrets.make()
    const token = { name, role, createdAtMs: nowMs(), digest: secrets.digest(secret) }
    this.#reserved.add(name)
    try {
      await store.save(new Map([[name, token]]))
    } finally {
      this.#reserved.delete(name)
    }
    this.#keep(token)
    return { kind: 'created', token: { name, role, createdAtMs: token.createdAtMs }, secret }
  }

  async delete(name: string): Promise<{ readonly kind: 'deleted' } | NotFound> {
    const token = this.#byName.get(name)
    if (token === undefined) return { kind: 'not-found' }
    // It opens nothing from now on, whatever the disk does.
    this.#byDigest.delete(token.digest)
    this.#deleted.notify(name)
    await this.#parts.store.save(new Map([[name, null]]))
    this.#byName.delete(name)
    this.#usedAtMs.delete(name)
    return { kind: 'deleted' }
  }

  find(secret: string): NamedToken | undefined {
    const token = this.#byDigest.get(this.#parts.secrets.digest(secret))
    if (token !== undefined) this.#usedAtMs.set(token.name, this.#parts.nowMs())
    return token
  }

  onDeleted(listener: (name: string) => void): () => void {
    return this.#deleted.subscribe(listener)
  }

  #keep(token: StoredToken): void {
    this.#byName.set(token.name, token)
    this.#byDigest.set(token.digest, token)
  }
}
