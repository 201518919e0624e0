import { createHmac, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { startNodeTimer } from '../../src/adapters/clock/node-timer.ts'
import { postWebhook } from '../../src/adapters/http/post-webhook.ts'
import { viewEvent } from '../../src/adapters/http/schemas/event.ts'
import type { Journal } from '../../src/services/events/journal.ts'
import type { WebhookStore } from '../../src/services/webhooks/webhook.ts'
import { type WebhookRendering, Webhooks } from '../../src/services/webhooks/webhooks.ts'
import { packageVersion } from '../version.ts'
import { logIgnoredRows } from './ignored-rows.ts'

/** What webhooks are composed of. */
export type WebhookParts = {
  readonly store: WebhookStore
  readonly journal: Journal
  /** This appliance, where others share events with it. */
  readonly otherEvents: { readonly here: string } | null
  readonly log: Logger
  readonly nowMs: () => number
  readonly onStoreFault: (error: unknown) => void
}

/**
 * The event as the API shows it, without secrets, signed by HMAC-SHA-256.
 *
 * @param appliance - This one, as `site/name`; undefined where it is the only one.
 */
export function webhookRendering(appliance?: string): WebhookRendering {
  const where = appliance === undefined ? {} : { appliance }
  return {
    bodyOf: (event) => JSON.stringify(viewEvent({ ...event, ...where })),
    sign: (secret, body) => createHmac('sha256', secret).update(body, 'utf8').digest('hex'),
    userAgent: `switchhook/${packageVersion()}`,
  }
}

/** Reads the webhooks and begins to deliver; a row that makes no sense is left out and logged. */
export async function startWebhooks(parts: WebhookParts): Promise<Webhooks> {
  const { store, journal, log, nowMs, onStoreFault } = parts
  const { webhooks, faults } = await store.load()
  logIgnoredRows(log, faults)
  const render = webhookRendering(parts.otherEvents?.here)
  const ports = { post: postWebhook, render, startTimer: startNodeTimer }
  const makeId = () => randomUUID().slice(0, 8)
  const common = { store, journal, log, nowMs, onFault: onStoreFault }
  return new Webhooks({ ...common, ...ports, makeId }, webhooks)
}
