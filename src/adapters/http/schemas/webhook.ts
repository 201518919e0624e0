import Type, { type Static } from 'typebox'
import type { WebhookReport } from '../../../services/services.ts'
import { isoTime, isoTimeOrNull } from '../api.ts'
import { Nullable, OneOf, Time } from './values.ts'

/** The id of a webhook: given by the appliance. */
export const WebhookId = Type.String({ minLength: 1, maxLength: 64, examples: ['6f1c09ab'] })

const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'http or https; shown to every token that may read',
  examples: ['https://example.net/switchhook'],
})
const events = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
  minItems: 1,
  maxItems: 32,
  description:
    'Names of events (docs/events.md), or their first parts: `conversion` or `conversion.*` for all of ' +
    'conversions, `*` for all events',
  examples: [['conversion.confirmed', 'conversion.stalled', 'rollout']],
})

const secret = Type.String({
  minLength: 8,
  maxLength: 256,
  description: 'The key of the signature; never returned',
})

/** What a webhook is made of. */
export const WebhookBody = Type.Object({ url, events, secret }, { additionalProperties: false })

/** What of a webhook is changed. */
export const WebhookPatch = Type.Partial(WebhookBody, {
  additionalProperties: false,
  minProperties: 1,
})

/** A webhook with the state of its deliveries; never its secret. */
export const WebhookView = Type.Object(
  {
    id: WebhookId,
    url,
    events,
    createdAt: Time,
    delivery: Type.Object({
      state: OneOf(['idle', 'sending', 'failing'], '`failing`: the last attempt failed'),
      waiting: Type.Integer({ description: 'Events that are not delivered yet, at most 1,000' }),
      delivered: Type.Integer({
        description: 'Events delivered since the start or the last change',
      }),
      dropped: Type.Integer({
        description:
          'Events given up since the start or the last change: 12 attempts failed, or too many were waiting',
      }),
      lastDeliveredAt: Nullable(Type.String({ format: 'date-time' })),
      lastFailure: Type.Unsafe<{ at: string; why: string } | null>({
        type: ['object', 'null'],
        properties: { at: { type: 'string', format: 'date-time' }, why: { type: 'string' } },
        required: ['at', 'why'],
      }),
      nextAttemptAt: Nullable(Type.String({ format: 'date-time' })),
    }),
  },
  { title: 'Webhook' },
)

/** A webhook as it comes out. */
export function viewWebhook(webhook: WebhookReport): Static<typeof WebhookView> {
  const { id, delivery } = webhook
  const { state, waiting, delivered, dropped, lastFailure } = delivery
  return {
    id,
    url: webhook.url,
    events: [...webhook.events],
    createdAt: isoTime(webhook.createdAtMs),
    delivery: {
      state,
      waiting,
      delivered,
      dropped,
      lastDeliveredAt: isoTimeOrNull(delivery.lastDeliveredAtMs),
      lastFailure:
        lastFailure === null ? null : { at: isoTime(lastFailure.atMs), why: lastFailure.why },
      nextAttemptAt: isoTimeOrNull(delivery.nextAttemptAtMs),
    },
  }
}
