import { useState } from 'preact/hooks'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Webhook } from '../data/types.ts'
import { draftOfWebhook, type WebhookDraft, webhookBodyOf } from '../data/webhook-draft.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { Facts } from '../parts/facts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { WebhookForm } from '../parts/webhook-form.tsx'
import { formatMoment } from '../words/format.ts'
import { deliveryWords, lossWords } from '../words/webhook-words.ts'

type Props = {
  readonly store: PageStore
  readonly webhooks: readonly Webhook[] | null
  readonly id: string
}

/** One webhook: how its deliveries go, to be changed or deleted. */
export function WebhookView({ store, webhooks, id }: Props) {
  const webhook = webhooks?.find((one) => one.id === id)
  return (
    <>
      <div class="title">
        <h1>Webhook</h1>
        <a class="button" href={hrefOf({ kind: 'webhooks' })}>
          All webhooks
        </a>
      </div>
      {webhooks === null ? <p>Loading the webhook.</p> : null}
      {webhooks !== null && webhook === undefined ? <p>There is no such webhook.</p> : null}
      {webhook === undefined ? null : <Edit store={store} webhook={webhook} />}
    </>
  )
}

function Edit({ store, webhook }: { readonly store: PageStore; readonly webhook: Webhook }) {
  // What the edit began from; the list goes on being read while the operator types.
  const [base] = useState(webhook)
  const { problem, attempt } = useAttempt()
  const path = `/v1/webhooks/${encodeURIComponent(base.id)}`
  const leave = () => {
    store.markStale('webhooks')
    location.hash = hrefOf({ kind: 'webhooks' })
  }
  const save = async (draft: WebhookDraft) => {
    await store.api.patch<Webhook>(path, webhookBodyOf(draft))
    leave()
  }
  const remove = () =>
    attempt(async () => {
      await store.api.remove(path)
      leave()
    })
  return (
    <>
      <DeliveryFacts webhook={webhook} />
      <WebhookForm before={draftOfWebhook(base)} isNew={false} onSave={save} />
      <p class="actions">
        <ConfirmButton
          text="Delete…"
          title="Delete this webhook?"
          yes="Delete it"
          no="Keep it"
          onYes={() => void remove()}
        >
          <p>Its receiver is told of no event any more, not even of those that wait.</p>
        </ConfirmButton>
      </p>
      <ProblemNote problem={problem} />
    </>
  )
}

function DeliveryFacts({ webhook }: { readonly webhook: Webhook }) {
  const { createdAt, delivery } = webhook
  const { lastFailure } = delivery
  const facts = [
    ['Deliveries', deliveryWords(webhook)],
    ['Last failure', lastFailure && `${formatMoment(lastFailure.at)}: ${lastFailure.why}`],
    ['Losses', lossWords(webhook)],
    ['Created', formatMoment(createdAt)],
  ] as const
  return <Facts facts={facts} />
}
