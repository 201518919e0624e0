import { useState } from 'preact/hooks'
import { download } from '../data/download.ts'
import type { PageStore } from '../data/page-store.ts'
import type { SharedFile } from '../data/types.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ACTIONS, DataTable } from '../parts/data-table.tsx'
import { DropZone } from '../parts/drop-zone.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { formatBytes, formatDay, shortHash } from '../words/format.ts'

const COLUMNS = ['File', { text: 'Size', class: 'number' }, 'SHA-256', 'Added', ACTIONS] as const

type Props = { readonly store: PageStore; readonly files: readonly SharedFile[] | null }

const pathOf = (name: string) => `/v1/files/${encodeURIComponent(name)}`

/** Files that every phone may fetch, such as ring tones and logos. */
export function FilesView({ store, files }: Props) {
  const { problem, attempt } = useAttempt()
  const [done, setDone] = useState('')
  const change = async (work: () => Promise<string>) => {
    setDone('')
    await attempt(async () => setDone(await work()))
    store.markStale('files')
  }
  const add = (added: readonly File[]) =>
    change(async () => {
      for (const file of added) await store.api.putBytes<SharedFile>(pathOf(file.name), file)
      return `Stored: ${added.map(({ name }) => name).join(', ')}.`
    })
  const remove = (name: string) =>
    change(async () => {
      await store.api.remove(pathOf(name))
      return `${name} is deleted.`
    })
  const save = (name: string) =>
    change(async () => {
      await download(store.api, { text: name, path: pathOf(name), name: name.replace(/.*\//, '') })
      return ''
    })
  return (
    <>
      <h1>Shared files</h1>
      <p>
        Every phone may fetch these files, for example ring tones and logos. Files whose names could
        convert a phone are refused: those belong to the firmware.
      </p>
      <DropZone
        text="Drop files here, or choose them"
        hint="A file of the same name is replaced."
        onFiles={(added) => void add(added)}
      />
      <p role="status">{done}</p>
      <ProblemNote problem={problem} />
      {files === null ? <p>Loading the files.</p> : null}
      {files?.length === 0 ? <p>No shared files.</p> : null}
      {files === null || files.length === 0 ? null : (
        <FileTable
          files={files}
          onSave={(name) => void save(name)}
          onRemove={(name) => void remove(name)}
        />
      )}
    </>
  )
}

function FileTable(props: {
  readonly files: readonly SharedFile[]
  readonly onSave: (name: string) => void
  readonly onRemove: (name: string) => void
}) {
  return (
    <DataTable label="Shared files" columns={COLUMNS}>
      {props.files.map(({ name, bytes, sha256, addedAt }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td class="number">{formatBytes(bytes)}</td>
          <td>
            <code title={sha256}>{shortHash(sha256)}</code>
          </td>
          <td>
            <time dateTime={addedAt}>{formatDay(addedAt)}</time>
          </td>
          <td>
            <p class="actions tight">
              <button type="button" onClick={() => props.onSave(name)}>
                Download<span class="unseen"> {name}</span>
              </button>
              <ConfirmButton
                text="Delete"
                about={name}
                title={`Delete ${name}?`}
                yes="Delete it"
                no="Keep it"
                onYes={() => props.onRemove(name)}
              >
                <p>Phones no longer find it. Transfers that are running finish.</p>
              </ConfirmButton>
            </p>
          </td>
        </tr>
      ))}
    </DataTable>
  )
}
