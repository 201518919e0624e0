import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { EMPTY_PHONE, type PhoneDraft, phoneBodyOf } from '../data/phone-draft.ts'
import { hrefOf } from '../data/route.ts'
import type { Phone } from '../data/types.ts'
import { PhoneFields } from '../parts/phone-fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useRefusal } from '../parts/use-refusal.ts'
import { phoneValues, refusalOf } from '../words/field-faults.ts'
import { storedProblem } from '../words/stored-problem.ts'

type Props = { readonly store: PageStore; readonly state: PageState }

/** Enrols a phone, and goes to it. */
export function EnrolView({ store, state }: Props) {
  const [draft, setDraft] = useState(EMPTY_PHONE)
  const { form, faults, note, refuse } = useRefusal(phoneValues(draft))
  const enrol = async () => {
    const twice = refusalOf(draft.settings)
    if (twice !== null) return refuse(twice)
    try {
      const phone = await putNewPhone(store, draft)
      store.takePhone(phone)
      location.hash = hrefOf({ kind: 'phone', mac: phone.mac })
    } catch (error) {
      refuse(storedProblem(problemOf(error), 'A phone with this MAC address', true))
    }
  }
  return (
    <>
      <h1>Enrol a phone</h1>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          void enrol()
        }}
      >
        <PhoneFields draft={draft} isNew faults={faults} state={state} onChange={setDraft} />
        <ProblemNote problem={note} />
        <p class="actions">
          <button type="submit" class="main">
            Enrol
          </button>
        </p>
      </form>
    </>
  )
}

/** A phone that is there already is not overwritten: its lines would be lost. */
function putNewPhone(store: PageStore, draft: PhoneDraft): Promise<Phone> {
  const path = `/v1/phones/${encodeURIComponent(draft.mac.trim())}`
  return store.api.put<Phone>(path, phoneBodyOf(draft), { 'if-none-match': '*' })
}
