import { useState } from 'preact/hooks'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Webhook } from '../data/types.ts'
import {
  EMPTY_WEBHOOK,
  madeSecret,
  type WebhookDraft,
  webhookBodyOf,
} from '../data/webhook-draft.ts'
import { DataTable } from '../parts/data-table.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { WebhookForm } from '../parts/webhook-form.tsx'
import { deliveryWords, lossWords } from '../words/webhook-words.ts'

const COLUMNS = ['Sends to', 'Events', 'Deliveries'] as const

type Props = { readonly store: PageStore; readonly webhooks: readonly Webhook[] | null }

/** Who is told of events by HTTP, and how that goes. */
export function WebhooksView({ store, webhooks }: Props) {
  const [secret, setSecret] = useState<string | null>(null)
  const create = async (draft: WebhookDraft) => {
    const made = draft.secret === '' ? madeSecret() : null
    setSecret(null)
    const body = webhookBodyOf({ ...draft, secret: made ?? draft.secret })
    await store.api.post<Webhook>('/v1/webhooks', body)
    setSecret(made)
    store.markStale('webhooks')
  }
  return (
    <>
      <h1>Webhooks</h1>
      <p>
        The appliance sends each selected event to a receiver of yours as it happens, signed with
        the secret. A receiver that fails is tried again for about 20 minutes an event.{' '}
        <a href="/docs">The API documentation</a> says what is sent.
      </p>
      {webhooks === null ? <p>Loading the webhooks.</p> : null}
      {webhooks?.length === 0 ? <p>No webhooks.</p> : null}
      {webhooks === null || webhooks.length === 0 ? null : <WebhookTable webhooks={webhooks} />}
      <div role="status">
        {secret === null ? null : (
          <ShownOnce
            words="The webhook is created. The receiver verifies its requests with this secret."
            secret={secret}
            onHide={() => setSecret(null)}
          />
        )}
      </div>
      <section aria-labelledby="new-webhook-title">
        <h2 id="new-webhook-title">New webhook</h2>
        <WebhookForm before={EMPTY_WEBHOOK} isNew onSave={create} />
      </section>
    </>
  )
}

function WebhookTable({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  return (
    <DataTable class="rows" label="Webhooks" columns={COLUMNS}>
      {webhooks.map((webhook) => (
        <tr key={webhook.id}>
          <th scope="row">
            <a href={hrefOf({ kind: 'webhook', id: webhook.id })}>{webhook.url}</a>
          </th>
          <td>{webhook.events.join(', ')}</td>
          <td>
            {deliveryWords(webhook)}
            <span class="hint block">{lossWords(webhook)}</span>
          </td>
        </tr>
      ))}
    </DataTable>
  )
}
