import type { NotFound } from '../../inventory/inventory-outcome.ts'
import type { EventLog } from '../event-log.ts'
import type { Journal } from '../events/journal.ts'
import { SaveQueue } from '../save-queue.ts'
import type {
  RecordedEvent,
  WebhookChange,
  WebhookCreation,
  WebhookReport,
  WebhookRequest,
  WebhookService,
} from '../services.ts'
import type { StartTimer } from '../start-timer.ts'
import { Delivery, type DeliveryNews, type DeliveryParts } from './delivery.ts'
import type { PostWebhook, StoredWebhook, WebhookStore } from './webhook.ts'
import { webhookProblems } from './webhook-rules.ts'

/** What webhooks need. */
export type WebhookParts = {
  readonly store: WebhookStore
  readonly journal: Pick<Journal, 'recent' | 'newestId' | 'record' | 'subscribe'>
  readonly log: EventLog
  readonly post: PostWebhook
  readonly render: WebhookRendering
  readonly makeId: () => string
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  readonly onFault: (error: unknown) => void
}

/** How an event becomes a request: ports, because they need cryptography and the API's own form. */
export type WebhookRendering = {
  /** The event as the API shows it, in JSON. */
  readonly bodyOf: (event: RecordedEvent) => string
  /** HMAC-SHA-256 of the body by the secret, lower-case hex. */
  readonly sign: (secret: string, body: string) => string
  readonly userAgent: string
}

/** Each costs a connection and a queue. */
export const MOST_WEBHOOKS = 20

/** How long a place in the journal may wait for others to be stored with, in milliseconds. */
const SAVE_WITHIN_MS = 5_000

type Kept = { webhook: StoredWebhook; readonly delivery: Delivery }

/**
 * Tells receivers of events by HTTP. Each has a queue and a request of its own, beside everything
 * else: a slow or dead one delays no other. Where each is in the journal is stored, so that a restart
 * goes on with what the journal still has in memory.
 */
export class Webhooks implements WebhookService {
  readonly #parts: WebhookParts
  readonly #delivery: DeliveryParts
  readonly #queue: SaveQueue<string, StoredWebhook | null>
  readonly #kept = new Map<string, Kept>()
  readonly #leave: () => void
  /** The newest event that was offered to all. */
  #offeredId: number
  /** Telling of a loss records an event while events are offered. */
  #isOffering = false

  constructor(parts: WebhookParts, stored: readonly StoredWebhook[]) {
    this.#parts = parts
    const { store, journal, nowMs, startTimer, onFault } = parts
    this.#queue = new SaveQueue({ save: (batch) => store.save(batch), startTimer, onFault })
    this.#delivery = {
      post: parts.post,
      requestOf: (webhook, event) => this.#requestOf(webhook, event),
      nowMs,
      startTimer,
      onDone: ({ id }, cursor) => this.#moveOn(id, cursor),
      onNews: (webhook, news) => this.#announce(webhook, news),
    }
    this.#offeredId = journal.newestId
    for (const webhook of stored) this.#begin(webhook)
    this.#leave = journal.subscribe(() => this.#offerNew())
  }

  list(): readonly WebhookReport[] {
    const all = [...this.#kept.values()].map(reportOf)
    return all.sort((a, b) => a.createdAtMs - b.createdAtMs)
  }

  get(id: string): WebhookReport | undefined {
    const kept = this.#kept.get(id)
    return kept === undefined ? undefined : reportOf(kept)
  }

  async create(request: WebhookRequest): Promise<WebhookCreation> {
    const problems = webhookProblems(request)
    if (problems.length > 0) return { kind: 'refused', problems }
    if (this.#kept.size >= MOST_WEBHOOKS) return { kind: 'full' }
    const { makeId, nowMs, journal } = this.#parts
    const { url, events, secret } = request
    const own = { id: makeId(), createdAtMs: nowMs(), cursor: journal.newestId }
    const webhook = { ...own, url, events: [...events], secret }
    this.#begin(webhook)
    try {
      await this.#save(webhook.id, webhook)
    } catch (error) {
      await this.delete(webhook.id).catch(() => undefined)
      throw error
    }
    return { kind: 'created', webhook: reportOf(this.#kept.get(webhook.id) as Kept) }
  }

  async change(id: string, patch: Partial<WebhookRequest>): Promise<WebhookChange> {
    const kept = this.#kept.get(id)
    if (kept === undefined) return { kind: 'not-found' }
    const { webhook: before, delivery } = kept
    const problems = webhookProblems({ ...before, ...patch })
    if (problems.length > 0) return { kind: 'refused', problems }
    // What was never selected is not sent later because it is now.
    const isIdle = delivery.report().waiting === 0
    const cursor = isIdle ? this.#parts.journal.newestId : before.cursor
    const webhook = { ...before, ...patch, cursor }
    this.#replace(kept, webhook)
    try {
      await this.#save(id, webhook)
    } catch (error) {
      // A change that was refused by the disk leaves nothing behind.
      const now = this.#kept.get(id)
      if (now !== undefined) {
        this.#replace(now, before)
        this.#queue.put(id, before)
      }
      throw error
    }
    return { kind: 'changed', webhook: reportOf(this.#kept.get(id) ?? kept) }
  }

  async delete(id: string): Promise<{ readonly kind: 'deleted' } | NotFound> {
    const kept = this.#kept.get(id)
    if (kept === undefined) return { kind: 'not-found' }
    kept.delivery.close()
    this.#kept.delete(id)
    await this.#save(id, null)
    return { kind: 'deleted' }
  }

  /** Ends all deliveries, and stores how far each has come. */
  async close(): Promise<void> {
    this.#leave()
    for (const { delivery } of this.#kept.values()) delivery.close()
    await this.#queue.close()
  }

  #begin(webhook: StoredWebhook): void {
    const delivery = new Delivery(webhook, this.#delivery)
    this.#kept.set(webhook.id, { webhook, delivery })
    for (const event of this.#parts.journal.recent()) {
      if (event.id > webhook.cursor) delivery.offer(event)
    }
  }

  /** What waits for the old one is offered to the new one. */
  #replace(old: Kept, webhook: StoredWebhook): void {
    old.delivery.close()
    this.#begin(webhook)
  }

  #offerNew(): void {
    if (this.#isOffering) return
    this.#isOffering = true
    while (this.#offeredId < this.#parts.journal.newestId) {
      const recent = this.#parts.journal.recent()
      const first = recent.findLastIndex(({ id }) => id <= this.#offeredId) + 1
      this.#offeredId = this.#parts.journal.newestId
      for (const event of recent.slice(first)) {
        for (const { delivery } of this.#kept.values()) delivery.offer(event)
      }
    }
    this.#isOffering = false
  }

  #requestOf({ url, secret }: StoredWebhook, event: RecordedEvent) {
    const { bodyOf, sign, userAgent } = this.#parts.render
    const body = bodyOf(event)
    const headers = {
      'content-type': 'application/json',
      'user-agent': userAgent,
      'x-switchhook-event': event.event,
      'x-switchhook-signature': sign(secret, body),
    }
    return { url, headers, body }
  }

  #moveOn(id: string, cursor: number): void {
    const kept = this.#kept.get(id)
    if (kept === undefined) return
    kept.webhook = { ...kept.webhook, cursor }
    this.#queue.put(id, kept.webhook, SAVE_WITHIN_MS)
  }

  async #save(id: string, webhook: StoredWebhook | null): Promise<void> {
    this.#queue.put(id, webhook)
    await this.#queue.saved()
  }

  /** Of the URL the host alone: a path may be as good as a password. */
  #announce({ id, url }: StoredWebhook, news: DeliveryNews): void {
    const { journal, log, nowMs } = this.#parts
    const why = 'why' in news ? { why: news.why } : {}
    const fields = { webhook: id, host: new URL(url).host, ...why }
    const { event } = news
    journal.record({ atMs: nowMs(), event, mac: null, network: null, fields })
    if (event === 'webhook.recovered') log.info({ event, ...fields })
    else log.warn({ event, ...fields })
  }
}

function reportOf({ webhook, delivery }: Kept): WebhookReport {
  const { id, url, events, createdAtMs } = webhook
  return { id, url, events, createdAtMs, delivery: delivery.report() }
}
