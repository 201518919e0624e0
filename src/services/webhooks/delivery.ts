import type { RecordedEvent, WebhookDelivery } from '../services.ts'
import type { StartTimer } from '../start-timer.ts'
import type { PostWebhook, StoredWebhook, WebhookAnswer, WebhookRequest } from './webhook.ts'
import { selects } from './webhook-rules.ts'

/** What deliveries run on. */
export type DeliveryParts = {
  readonly post: PostWebhook
  /** The request for an event, signed. */
  readonly requestOf: (webhook: StoredWebhook, event: RecordedEvent) => WebhookRequest
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  /** Called when the webhook is done with an event, delivered or not. */
  readonly onDone: (webhook: StoredWebhook, cursor: number) => void
  readonly onNews: (webhook: StoredWebhook, news: DeliveryNews) => void
}

/** What an operator should know of a receiver: the first of a row of failures, its end, and losses. */
export type DeliveryNews =
  | { readonly event: 'webhook.failed'; readonly why: string }
  | { readonly event: 'webhook.recovered' }
  | { readonly event: 'webhook.dropped'; readonly why: string }

/** Events that wait for one receiver; the oldest make room. */
export const MOST_WAITING = 1_000

/** Attempts for one event; with the pauses between them about 20 minutes, then the next one's turn comes. */
export const MOST_ATTEMPTS = 12

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 300_000

/**
 * Deliveries of one webhook, one request at a time and in order. A receiver that fails is tried again
 * after pauses that double up to 5 minutes; what waits meanwhile is bounded. At least once: after a
 * restart an event may come a second time, with the same id.
 */
export class Delivery {
  readonly #webhook: StoredWebhook
  readonly #parts: DeliveryParts
  readonly #abort = new AbortController()
  readonly #queue: RecordedEvent[] = []
  #isSending = false
  #stopTimer: (() => void) | null = null
  #nextAttemptAtMs: number | null = null
  /** Attempts for the event at the head. */
  #attempts = 0
  /** Failures in a row, whatever the event. */
  #failures = 0
  #isDropping = false
  #delivered = 0
  #dropped = 0
  #lastDeliveredAtMs: number | null = null
  #lastFailure: WebhookDelivery['lastFailure'] = null

  constructor(webhook: StoredWebhook, parts: DeliveryParts) {
    this.#webhook = webhook
    this.#parts = parts
  }

  report(): WebhookDelivery {
    return {
      state: this.#failures > 0 ? 'failing' : this.#queue.length > 0 ? 'sending' : 'idle',
      waiting: this.#queue.length,
      delivered: this.#delivered,
      dropped: this.#dropped,
      lastDeliveredAtMs: this.#lastDeliveredAtMs,
      lastFailure: this.#lastFailure,
      nextAttemptAtMs: this.#nextAttemptAtMs,
    }
  }

  /** Queues an event if the webhook selects it. */
  offer(event: RecordedEvent): void {
    if (this.#abort.signal.aborted || !selects(this.#webhook.events, event.event)) return
    this.#queue.push(event)
    // The one at the head may be on its way.
    if (this.#queue.length > MOST_WAITING) {
      this.#queue.splice(1, 1)
      this.#drop(`more than ${MOST_WAITING} events wait for it`)
    }
    if (!this.#isSending && this.#stopTimer === null) void this.#send()
  }

  /** Ends it: nothing is sent any more, and what is on its way is given up. */
  close(): void {
    this.#abort.abort()
    this.#stopTimer?.()
    this.#stopTimer = null
    this.#queue.length = 0
  }

  async #send(): Promise<void> {
    this.#isSending = true
    this.#nextAttemptAtMs = null
    const { post, requestOf } = this.#parts
    for (let event = this.#queue[0]; event !== undefined; event = this.#queue[0]) {
      this.#attempts += 1
      const answer = await post(requestOf(this.#webhook, event), this.#abort.signal)
      if (this.#abort.signal.aborted) return
      const why = failureIn(answer)
      if (why === undefined) this.#succeed(event)
      else {
        this.#fail(event, why)
        break
      }
    }
    this.#isSending = false
  }

  #succeed(event: RecordedEvent): void {
    const { nowMs, onNews } = this.#parts
    if (this.#failures > 0) onNews(this.#webhook, { event: 'webhook.recovered' })
    this.#failures = 0
    this.#isDropping = false
    this.#delivered += 1
    this.#lastDeliveredAtMs = nowMs()
    this.#done(event)
  }

  #fail(event: RecordedEvent, why: string): void {
    const { nowMs, startTimer, onNews } = this.#parts
    this.#lastFailure = { atMs: nowMs(), why }
    if (this.#failures === 0) onNews(this.#webhook, { event: 'webhook.failed', why })
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS)
    this.#failures += 1
    if (this.#attempts >= MOST_ATTEMPTS) {
      this.#done(event)
      this.#drop(`${MOST_ATTEMPTS} attempts failed, the last one: ${why}`)
    }
    this.#nextAttemptAtMs = nowMs() + pauseMs
    const again = () => {
      this.#stopTimer = null
      void this.#send()
    }
    this.#stopTimer = startTimer(again, pauseMs, false)
  }

  /** Once in a row: an appliance that loses thousands says it once. */
  #drop(why: string): void {
    this.#dropped += 1
    if (!this.#isDropping) this.#parts.onNews(this.#webhook, { event: 'webhook.dropped', why })
    this.#isDropping = true
  }

  #done({ id }: RecordedEvent): void {
    this.#queue.shift()
    this.#attempts = 0
    this.#parts.onDone(this.#webhook, id)
  }
}

/** Undefined for a delivery that succeeded: any status of the 200s. */
function failureIn(answer: WebhookAnswer): string | undefined {
  if ('why' in answer) return answer.why
  const { status } = answer
  if (status >= 200 && status < 300) return undefined
  const isRedirect = status >= 300 && status < 400
  return `answered ${status}${isRedirect ? '; redirects are not followed' : ''}`
}
