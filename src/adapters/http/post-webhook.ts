import type { WebhookAnswer, WebhookRequest } from '../../services/webhooks/webhook.ts'

/** A receiver that takes longer is as good as dead; in milliseconds. */
const WITHIN_MS = 10_000

/**
 * Sends one request to a receiver. A redirect is not followed: the operator named this receiver and no
 * other. What it answers beside its status is not read.
 *
 * @returns Within 10 s; never rejects.
 */
export async function postWebhook(
  { url, headers, body }: WebhookRequest,
  signal: AbortSignal,
  withinMs = WITHIN_MS,
): Promise<WebhookAnswer> {
  const timeout = AbortSignal.timeout(withinMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    })
    await response.body?.cancel()
    return { status: response.status }
  } catch (error) {
    return { why: timeout.aborted ? `no answer within ${withinMs / 1000} s` : reasonOf(error) }
  }
}

/** All that `fetch` itself says is that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { cause = error } = error instanceof Error ? error : {}
  return cause instanceof Error ? cause.message : `${cause}`
}
