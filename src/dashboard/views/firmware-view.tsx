import { useState } from 'preact/hooks'
import { problemOf } from '../data/page-api.ts'
import type { PageStore } from '../data/page-store.ts'
import type { Firmware, FirmwareTaken, Problem } from '../data/types.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ACTIONS, DataTable } from '../parts/data-table.tsx'
import { DropZone } from '../parts/drop-zone.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { formatBytes, formatDay, SYNTHETIC_NOTE } from '../words/format.ts'

const COLUMNS = ['Load', 'Protocol', 'Loader', 'Files', 'Added', ACTIONS] as const

type Upload = {
  readonly id: number
  readonly name: string
  readonly outcome: 'in progress' | FirmwareTaken | { readonly problem: Problem }
}

/** The firmware that there is, and a place to drop more of it. */
export function FirmwareView(props: {
  readonly store: PageStore
  readonly firmware: readonly Firmware[] | null
}) {
  const { store, firmware } = props
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const uploadAll = async (files: readonly File[]) => {
    // One after another: the API receives each archive whole, and they are large.
    for (const file of files) {
      const id = performance.now()
      const note = (outcome: Upload['outcome']) =>
        setUploads((before) => [
          { id, name: file.name, outcome },
          ...before.filter((one) => one.id !== id),
        ])
      note('in progress')
      note(await uploadOne(store, file))
    }
  }
  const { problem, attempt } = useAttempt()
  const remove = (load: string) =>
    // What names it holds it; a refusal says who.
    attempt(async () => {
      await store.api.remove(`/v1/firmware/${encodeURIComponent(load)}`)
      store.markStale('firmware')
    })
  return (
    <>
      <h1>Firmware</h1>
      <DropZone
        text="Drop firmware ZIP files here, as Cisco ships them, or choose them"
        hint="Each archive is checked completely before it is stored."
        accept=".zip,application/zip"
        onFiles={(files) => void uploadAll(files)}
      />
      <ul class="uploads" aria-live="polite">
        {uploads.map((upload) => (
          <li key={upload.id}>
            <UploadNote
              {...upload}
              onDismiss={() => setUploads((all) => all.filter(({ id }) => id !== upload.id))}
            />
          </li>
        ))}
      </ul>
      <ProblemNote problem={problem} />
      <FirmwareTable firmware={firmware} onRemove={(load) => void remove(load)} />
    </>
  )
}

async function uploadOne(store: PageStore, file: File): Promise<Upload['outcome']> {
  try {
    const taken = await store.api.upload<FirmwareTaken>('/v1/firmware', file)
    store.markStale('firmware')
    return taken
  } catch (error) {
    return { problem: problemOf(error) }
  }
}

function UploadNote({ name, outcome, onDismiss }: Upload & { readonly onDismiss: () => void }) {
  if (outcome === 'in progress') return <p>{name}: importing.</p>
  if ('load' in outcome) {
    return (
      <div class="note good">
        <button type="button" class="dismiss" onClick={onDismiss}>
          Dismiss
        </button>
        <p>
          {name}: {outcome.load} {OUTCOMES[outcome.outcome]}.
        </p>
      </div>
    )
  }
  return (
    <>
      <p>{name}:</p>
      <ProblemNote problem={outcome.problem} onDismiss={onDismiss} />
    </>
  )
}

const OUTCOMES: Readonly<Record<FirmwareTaken['outcome'], string>> = {
  created: 'added',
  replaced: 'replaced: its files differ from the earlier ones',
  unchanged: 'unchanged: the same files were there already',
}

function FirmwareTable({
  firmware,
  onRemove,
}: {
  readonly firmware: readonly Firmware[] | null
  readonly onRemove: (load: string) => void
}) {
  if (firmware === null) return <p>Loading the firmware.</p>
  if (firmware.length === 0)
    return <p>No firmware yet. A conversion needs the firmware of every step; the plan names it.</p>
  return (
    <DataTable label="Available firmware" columns={COLUMNS}>
      {firmware.map(({ load, protocol, loader, synthetic, files, addedAt }) => (
        <tr key={load}>
          <th scope="row">
            {load}
            {synthetic ? <span class="hint block">{SYNTHETIC_NOTE}</span> : null}
          </th>
          <td>{protocol.toUpperCase()}</td>
          <td>{loader ?? <span class="quiet">none</span>}</td>
          <td>
            <ul class="plain">
              {files.map(({ name, bytes }) => (
                <li key={name}>
                  <code>{name}</code> <span class="quiet">{formatBytes(bytes)}</span>
                </li>
              ))}
            </ul>
          </td>
          <td>
            <time dateTime={addedAt}>{formatDay(addedAt)}</time>
          </td>
          <td>
            <ConfirmButton
              text="Remove"
              about={load}
              title={`Remove ${load}?`}
              yes="Remove it"
              no="Keep it"
              onYes={() => onRemove(load)}
            >
              <p>
                Phones that run it are not affected; no phone can be converted to it until it is
                added again.
              </p>
            </ConfirmButton>
          </td>
        </tr>
      ))}
    </DataTable>
  )
}
