import type { ComponentChildren } from 'preact'
import type { FirmwareOfReport } from '../data/types.ts'
import { formatBytes, formatMoment } from '../words/format.ts'
import { DataTable } from './data-table.tsx'

const COLUMNS = ['File', { text: 'Size', class: 'number' }, 'SHA-256'] as const

/** What all reports have: their title, a button that prints, and who has written them when. */
export function ReportFrame(props: {
  readonly title: string
  readonly back: string
  readonly version: string
  readonly writtenAt: string
  readonly children: ComponentChildren
}) {
  const { title, back, version, writtenAt, children } = props
  return (
    <>
      <div class="title">
        <h1>{title}</h1>
        <p class="actions">
          <button type="button" class="main" onClick={() => print()}>
            Print
          </button>
          <a class="button" href={back}>
            Back
          </a>
        </p>
      </div>
      {children}
      <p class="hint">
        Written by Switchhook {version}, {formatMoment(writtenAt)}
      </p>
    </>
  )
}

/** The files of the loads of a report, by which a reader can check what was installed. */
export function ReportedFirmware({ firmware }: { readonly firmware: readonly FirmwareOfReport[] }) {
  return (
    <>
      {firmware.map(({ load, files }) => (
        <section key={load} aria-label={`Firmware ${load}`}>
          <h2>Firmware {load}</h2>
          {files.length === 0 ? <p>It is no longer stored.</p> : <FileTable files={files} />}
        </section>
      ))}
    </>
  )
}

function FileTable({ files }: Pick<FirmwareOfReport, 'files'>) {
  return (
    <DataTable label="Files of the firmware" columns={COLUMNS}>
      {files.map(({ name, bytes, sha256 }) => (
        <tr key={name}>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td class="number">{formatBytes(bytes)}</td>
          <td class="hash">{sha256}</td>
        </tr>
      ))}
    </DataTable>
  )
}
