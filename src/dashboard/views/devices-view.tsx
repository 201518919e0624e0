import { useState } from 'preact/hooks'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Phone, UnknownDevice } from '../data/types.ts'
import { ACTIONS, PagedTable } from '../parts/data-table.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { reasonWords } from '../words/device-words.ts'
import { formatDay, formatMac } from '../words/format.ts'
import { storedProblem } from '../words/stored-problem.ts'

const COLUMNS = [
  'MAC address',
  'Presents itself as',
  'Network',
  'Why it was not served',
  'Last seen',
  { text: 'Requests', class: 'number' },
  ACTIONS,
] as const

type Props = {
  readonly store: PageStore
  readonly devices: readonly UnknownDevice[] | null
}

/** Devices that asked and were not served, each with one press to enrol it. */
export function DevicesView({ store, devices }: Props) {
  const [enrolled, setEnrolled] = useState<string | null>(null)
  const { problem, attempt } = useAttempt()
  const change = (mac: string, work: () => Promise<void>) =>
    attempt(
      async () => {
        setEnrolled(null)
        await work()
        store.markStale('unknown-devices', 'phones')
      },
      (problem) => storedProblem(problem, `Phone ${formatMac(mac)}`, true),
    )
  const enrol = ({ mac, network }: UnknownDevice) =>
    change(mac, async () => {
      const body = network === null ? {} : { network }
      await store.api.put<Phone>(`/v1/phones/${mac}`, body, { 'if-none-match': '*' })
      setEnrolled(mac)
    })
  const forget = ({ mac }: UnknownDevice) =>
    change(mac, () => store.api.remove(`/v1/unknown-devices/${mac}`))
  return (
    <>
      <h1>Unknown devices</h1>
      <p>
        These devices asked for an address or a file and were not served. A device that you enrol is
        served from its next request on; nothing is converted until you start a conversion.
      </p>
      {/* It is there before it has words: only then are they read out. */}
      <p role="status">{enrolled === null ? '' : <Enrolled mac={enrolled} />}</p>
      <ProblemNote problem={problem} />
      {devices === null ? <p>Loading the devices.</p> : null}
      {devices?.length === 0 ? <p>No unknown device has asked.</p> : null}
      {devices === null || devices.length === 0 ? null : (
        <DeviceTable
          devices={devices}
          onEnrol={(one) => void enrol(one)}
          onForget={(one) => void forget(one)}
        />
      )}
    </>
  )
}

function Enrolled({ mac }: { readonly mac: string }) {
  return (
    <>
      <a href={hrefOf({ kind: 'phone', mac })}>Phone {formatMac(mac)}</a> is enrolled.
    </>
  )
}

type TableProps = {
  readonly devices: readonly UnknownDevice[]
  readonly onEnrol: (device: UnknownDevice) => void
  readonly onForget: (device: UnknownDevice) => void
}

function DeviceTable({ devices, onEnrol, onForget }: TableProps) {
  return (
    <PagedTable
      label="Unknown devices"
      pagesLabel="Pages of unknown devices"
      columns={COLUMNS}
      rows={devices}
      draw={(device) => <Row key={device.mac} {...{ device, onEnrol, onForget }} />}
    />
  )
}

function Row(props: Omit<TableProps, 'devices'> & { readonly device: UnknownDevice }) {
  const { device, onEnrol, onForget } = props
  const { mac, network, vendorClass, hostName, firstSeen, lastSeen, count, reason } = device
  const names = [vendorClass, hostName].filter(Boolean).join(', ')
  return (
    <tr>
      <th scope="row">
        <code>{formatMac(mac)}</code>
      </th>
      <td>{names === '' ? <span class="quiet">nothing</span> : names}</td>
      <td>{network ?? <span class="quiet">none</span>}</td>
      <td>{reasonWords(reason)}</td>
      <td>
        <time dateTime={lastSeen}>{formatDay(lastSeen)}</time>
        <span class="hint block">first {formatDay(firstSeen)}</span>
      </td>
      <td class="number">{count}</td>
      <td>
        <p class="actions tight">
          <button type="button" class="main" onClick={() => onEnrol(device)}>
            Enrol<span class="unseen"> {formatMac(mac)}</span>
          </button>
          <button type="button" onClick={() => onForget(device)}>
            Forget<span class="unseen"> {formatMac(mac)}</span>
          </button>
        </p>
      </td>
    </tr>
  )
}
