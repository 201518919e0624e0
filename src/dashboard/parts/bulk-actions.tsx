import { useState } from 'preact/hooks'
import { type BulkResult, runForAll } from '../data/bulk-run.ts'
import { conversionBodyOf } from '../data/conversion-body.ts'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Firmware } from '../data/types.ts'
import { phonesByNumber } from '../words/bulk-words.ts'
import { methodWords } from '../words/restart-words.ts'
import { BulkResults } from './bulk-results.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { ConversionFields, EMPTY_CONVERSION } from './conversion-fields.tsx'

type Run = {
  readonly title: string
  readonly of: number
  readonly results: readonly BulkResult[]
}

/** What can be done with the phones that are selected, and what came of it. */
export function BulkActions(props: {
  readonly store: PageStore
  readonly selected: ReadonlySet<string>
  readonly firmware: readonly Firmware[]
  readonly onClear: () => void
}) {
  const { store, selected, onClear } = props
  const [run, setRun] = useState<Run | null>(null)
  const isRunning = run !== null && run.results.length < run.of
  const start = (title: string, work: (mac: string) => Promise<string>) => {
    const macs = [...selected]
    setRun({ title, of: macs.length, results: [] })
    const note = (result: BulkResult) =>
      setRun((now) => now && { ...now, results: [...now.results, result] })
    const wordsOf = (error: unknown) => problemOf(error).detail
    const ended = runForAll(macs, { work, wordsOf, onResult: note })
    void ended.then(() => store.markStale('phone-list', 'phones'))
  }
  const remove = () => {
    start(`Delete ${phonesByNumber(selected.size)}`, async (mac) => {
      await store.api.remove(`/v1/phones/${mac}`)
      return 'deleted'
    })
    onClear()
  }
  return (
    <>
      {selected.size === 0 ? null : (
        <section class="bulk" aria-label="Selected phones">
          <p role="status">{phonesByNumber(selected.size)} selected</p>
          {isRunning ? null : (
            <>
              <ConvertButton {...props} onStart={start} />
              <RestartButton {...props} onStart={start} />
              <DeleteButton count={selected.size} onYes={remove} />
            </>
          )}
          <button type="button" onClick={onClear}>
            Clear the selection
          </button>
        </section>
      )}
      {run === null ? null : <BulkResults {...run} onDismiss={() => setRun(null)} />}
    </>
  )
}

type ButtonProps = {
  readonly store: PageStore
  readonly selected: ReadonlySet<string>
  readonly firmware: readonly Firmware[]
  readonly onStart: (title: string, work: (mac: string) => Promise<string>) => void
}

function ConvertButton({ store, selected, firmware, onStart }: ButtonProps) {
  const [draft, setDraft] = useState(EMPTY_CONVERSION)
  const { to } = draft
  const body = conversionBodyOf({ ...draft, restart: '' }, false)
  const phones = phonesByNumber(selected.size)
  return (
    <ConfirmButton
      text="Convert…"
      title={`Convert ${phones}?`}
      yes={`Convert ${phones}`}
      no="Back"
      onYes={() =>
        onStart(`Convert ${phones} to ${to}`, async (mac) => {
          await store.api.put(`/v1/phones/${mac}/conversion`, body)
          return `conversion to ${to} started`
        })
      }
    >
      <ConversionFields
        draft={draft}
        firmware={firmware}
        onChange={(part) => setDraft({ ...draft, ...part })}
      />
      <p class="hint">
        All of them start at once. <a href={hrefOf({ kind: 'new-rollout' })}>A roll-out</a> begins
        with a few and stops when phones fail.
      </p>
    </ConfirmButton>
  )
}

function RestartButton({ store, selected, onStart }: ButtonProps) {
  const phones = phonesByNumber(selected.size)
  return (
    <ConfirmButton
      text="Restart…"
      title={`Restart ${phones}?`}
      yes={`Restart ${phones}`}
      no="Leave them running"
      onYes={() =>
        onStart(`Restart ${phones}`, async (mac) => {
          const path = `/v1/phones/${mac}/restart`
          const { method } = await store.api.post<{ readonly method: string }>(path, {})
          return `restart ordered, first by: ${methodWords(method)}`
        })
      }
    >
      <p>Calls on these phones are cut off.</p>
    </ConfirmButton>
  )
}

function DeleteButton({ count, onYes }: { readonly count: number; readonly onYes: () => void }) {
  const phones = phonesByNumber(count)
  return (
    <ConfirmButton
      text="Delete…"
      title={`Delete ${phones}?`}
      yes={`Delete ${phones}`}
      no="Keep them"
      onYes={onYes}
    >
      <p>
        This deletes their lines, passwords and settings, and cancels running conversions. The
        phones themselves are not changed; they receive nothing here until they are enrolled again.
      </p>
    </ConfirmButton>
  )
}
