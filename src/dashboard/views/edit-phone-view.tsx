import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { draftOfPhone, phoneBodyOf } from '../data/phone-draft.ts'
import { hrefOf } from '../data/route.ts'
import type { Phone, Problem } from '../data/types.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { NotEnrolled } from '../parts/not-enrolled.tsx'
import { OvertakenNote } from '../parts/overtaken-note.tsx'
import { PhoneFields } from '../parts/phone-fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useRefusal } from '../parts/use-refusal.ts'
import { phoneValues, refusalOf } from '../words/field-faults.ts'
import { formatMac } from '../words/format.ts'
import { CHANGED_MEANWHILE } from '../words/stored-problem.ts'

type Props = { readonly store: PageStore; readonly state: PageState; readonly mac: string }

/** Changes or deletes what is said of a phone. */
export function EditPhoneView(props: Props) {
  const { state, mac } = props
  const isRead = state.openPhone?.mac === mac
  const phone = isRead ? (state.openPhone?.phone ?? undefined) : undefined
  return (
    <>
      <h1>Edit phone {formatMac(mac)}</h1>
      {isRead ? null : <p>Loading the phone.</p>}
      {!isRead || phone !== undefined ? null : <NotEnrolled />}
      {phone === undefined ? null : <EditForm {...props} phone={phone} />}
    </>
  )
}

function EditForm({ store, state, mac, phone }: Props & { readonly phone: Phone }) {
  // What the edit began from; the list goes on being read while the operator types.
  const [base, setBase] = useState(phone)
  const [draft, setDraft] = useState(() => draftOfPhone(phone))
  const [overtaken, setOvertaken] = useState<Phone | null>(null)
  const { form, faults, note, refuse, forget } = useRefusal(phoneValues(draft))
  const path = `/v1/phones/${mac}`
  const here = hrefOf({ kind: 'phone', mac })
  const attempt = async (work: () => Promise<void>) => {
    forget()
    setOvertaken(null)
    try {
      await work()
    } catch (error) {
      const why = problemOf(error)
      if (why.status === CHANGED_MEANWHILE) await showOther(why)
      else refuse(why)
    }
  }
  const showOther = (why: Problem) =>
    store.api.get<Phone>(path).then(
      (now) => setOvertaken(now),
      () => refuse(why),
    )
  const save = (over: Phone) =>
    attempt(async () => {
      store.takePhone(await store.api.put<Phone>(path, phoneBodyOf(draft), ifMatch(over)))
      location.hash = here
    })
  const remove = () =>
    attempt(async () => {
      await store.api.remove(path, ifMatch(base))
      store.dropPhone(mac)
      location.hash = hrefOf({ kind: 'phones' })
    })
  const takeTheirs = (now: Phone) => {
    setBase(now)
    setDraft(draftOfPhone(now))
    setOvertaken(null)
    forget()
  }
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        const twice = refusalOf(draft.settings)
        if (twice === null) void save(base)
        else refuse(twice)
      }}
    >
      <PhoneFields draft={draft} isNew={false} faults={faults} state={state} onChange={setDraft} />
      <ProblemNote problem={note} />
      {overtaken === null ? null : (
        <OvertakenNote
          before={base}
          now={overtaken}
          onTheirs={() => takeTheirs(overtaken)}
          onMine={() => void save(overtaken)}
        />
      )}
      <div class="actions">
        <button type="submit" class="main">
          Save
        </button>
        <a class="button" href={here}>
          Back without saving
        </a>
        <ConfirmButton
          text="Delete…"
          title={`Delete phone ${formatMac(mac)}?`}
          yes="Delete it"
          no="Keep it"
          onYes={() => void remove()}
        >
          <p>
            This deletes its lines, passwords and settings, and cancels a running conversion. The
            phone itself is not changed; it receives nothing here until it is enrolled again.
          </p>
        </ConfirmButton>
      </div>
    </form>
  )
}

function ifMatch({ revision }: Phone): Readonly<Record<string, string>> {
  return { 'if-match': `"${revision}"` }
}
