import type { Webhook } from '../services.ts'

/** A webhook as it is stored: with what it signs by, and how far it has come. */
export type StoredWebhook = Webhook & {
  /** The key of its signatures; it never comes out again. */
  readonly secret: string
  /** The newest event that it is done with. */
  readonly cursor: number
}

/** Where webhooks survive a restart. */
export interface WebhookStore {
  /** `faults`: rows that make no sense, in words. */
  load(): Promise<{
    readonly webhooks: readonly StoredWebhook[]
    readonly faults: readonly string[]
  }>
  /** Resolves when all changes are on disk, by id; null deletes. */
  save(changes: ReadonlyMap<string, StoredWebhook | null>): Promise<void>
}

/** One request to a receiver. */
export type WebhookRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What came of it: a status of any kind, or why there is none, in words. */
export type WebhookAnswer = { readonly status: number } | { readonly why: string }

/**
 * Sends one request and follows no redirect; a port.
 *
 * @param signal - Aborted when the answer is of no interest any more.
 * @returns Within 10 s; never rejects.
 */
export type PostWebhook = (request: WebhookRequest, signal: AbortSignal) => Promise<WebhookAnswer>
