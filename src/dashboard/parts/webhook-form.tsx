import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { WebhookDraft } from '../data/webhook-draft.ts'
import { listFault, webhookValues } from '../words/field-faults.ts'
import { ProblemNote } from './problem-note.tsx'
import { TextField } from './text-field.tsx'
import { useRefusal } from './use-refusal.ts'

/** The form of a webhook. */
export function WebhookForm(props: {
  readonly before: WebhookDraft
  readonly isNew: boolean
  /** Stores it; what it throws is shown. After a new one the form is empty again. */
  readonly onSave: (draft: WebhookDraft) => Promise<void>
}) {
  const { before, isNew, onSave } = props
  const [draft, setDraft] = useState(before)
  const { form, faults, note, refuse, forget } = useRefusal(webhookValues(draft))
  const save = async () => {
    forget()
    try {
      await onSave(draft)
      setDraft(before)
    } catch (error) {
      refuse(problemOf(error))
    }
  }
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div class="fields">
        <TextField
          label="URL"
          hint="Where events are sent, http or https; every token that may read shows it"
          fault={faults.get('/url')}
          required
          maxLength={2048}
          value={draft.url}
          onChange={(url) => setDraft({ ...draft, url })}
        />
        <TextField
          label="Events"
          hint="Names or their first parts, such as conversion or rollout.finished; * for all"
          fault={listFault(faults, '/events')}
          required
          maxLength={4096}
          value={draft.events}
          onChange={(events) => setDraft({ ...draft, events })}
        />
        <TextField
          label="Secret"
          hint={`The key of the signatures, at least 8 characters; empty: ${
            isNew ? 'one is made and shown once' : 'the stored one stays'
          }`}
          fault={faults.get('/secret')}
          type="password"
          value={draft.secret}
          onChange={(secret) => setDraft({ ...draft, secret })}
        />
      </div>
      <ProblemNote problem={note} />
      <p class="actions">
        <button type="submit" class="main">
          {isNew ? 'Create the webhook' : 'Save'}
        </button>
      </p>
    </form>
  )
}
