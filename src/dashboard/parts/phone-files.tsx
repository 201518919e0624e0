import { useState } from 'preact/hooks'
import { type PageApi, problemOf } from '../data/page-api.ts'
import { saveFile } from '../data/save-file.ts'
import type { Problem, ViewedFile } from '../data/types.ts'
import { formatBytes, shortHash } from '../words/format.ts'
import { type Preview, previewOf } from '../words/preview.ts'
import { DataTable } from './data-table.tsx'
import { ProblemNote } from './problem-note.tsx'

const COLUMNS = ['File', { text: 'Size', class: 'number' }, 'Source', 'SHA-256'] as const

/** A file as it came: what is saved is what is shown, secrets masked. */
type Opened = { readonly name: string; readonly preview: Preview; readonly bytes: Uint8Array }

/** The files that a phone sees now, each of which can be looked into. */
export function PhoneFiles(props: {
  readonly api: PageApi
  readonly mac: string
  readonly files: readonly ViewedFile[]
}) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const open = async (name: string) => {
    try {
      const path = `/v1/phones/${props.mac}/files/${encodeURIComponent(name)}`
      const bytes = await props.api.getBytes(path)
      setOpened({ name, preview: previewOf(bytes), bytes })
      setProblem(null)
    } catch (error) {
      setOpened(null)
      setProblem(problemOf(error))
    }
  }
  if (props.files.length === 0) return <p class="hint">This phone sees no file.</p>
  return (
    <>
      <FileTable files={props.files} onOpen={(name) => void open(name)} />
      <ProblemNote problem={problem} />
      {opened === null ? null : <FilePreview {...opened} onClose={() => setOpened(null)} />}
    </>
  )
}

function FileTable(props: { files: readonly ViewedFile[]; onOpen: (name: string) => void }) {
  return (
    <DataTable label="Files that the phone sees" columns={COLUMNS}>
      {props.files.map(({ name, bytes, origin, sha256 }) => (
        <tr key={name}>
          <td>
            <button type="button" class="link" onClick={() => props.onOpen(name)}>
              {name}
            </button>
          </td>
          <td class="number">{formatBytes(bytes)}</td>
          <td>{ORIGINS[origin]}</td>
          <td>
            <code title={sha256}>{shortHash(sha256)}</code>
          </td>
        </tr>
      ))}
    </DataTable>
  )
}

/** Where a file comes from, for people. */
const ORIGINS = {
  step: 'firmware of the present step',
  generated: 'generated for this phone',
  firmware: 'stored firmware',
  shared: 'shared file',
} as const satisfies Record<ViewedFile['origin'], string>

function FilePreview({ name, preview, bytes, onClose }: Opened & { readonly onClose: () => void }) {
  const { kind, text, isCut } = preview
  const onSave = () => saveFile(name, 'application/octet-stream', bytes)
  return (
    <section class="preview" aria-label={`Content of ${name}`} aria-live="polite">
      <h3>{name}</h3>
      <p class="actions">
        <button type="button" onClick={onSave}>
          Download
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </p>
      <p class="hint">
        As the phone receives it, with secrets masked{kind === 'hex' ? ', in hexadecimal' : ''}
        {isCut ? '; first part' : ''}
      </p>
      {text === '' ? <p>The file is empty.</p> : <pre>{text}</pre>}
    </section>
  )
}
