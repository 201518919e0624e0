import { entriesIn } from './entries-in.ts'
import type { Webhook } from './types.ts'

/** A webhook as it is being filled in. */
export type WebhookDraft = {
  readonly url: string
  /** Names of events or their first parts, with commas or spaces between them. */
  readonly events: string
  /** Empty: a new one is made for a new webhook, and the stored one stays. */
  readonly secret: string
}

/** A webhook of which nothing is said yet, with the events that most receivers wait for. */
export const EMPTY_WEBHOOK: WebhookDraft = {
  url: '',
  events: 'conversion.confirmed, conversion.stalled, rollout',
  secret: '',
}

/** The draft of a webhook that is stored, without its secret. */
export function draftOfWebhook({ url, events }: Webhook): WebhookDraft {
  return { url, events: events.join(', '), secret: '' }
}

/** What the API is told of a webhook; an empty secret is left out. */
export function webhookBodyOf({ url, events, secret }: WebhookDraft) {
  return { url: url.trim(), events: entriesIn(events), ...(secret === '' ? {} : { secret }) }
}

/** A secret that cannot be guessed: 256 bits in hexadecimal digits. */
export function madeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
