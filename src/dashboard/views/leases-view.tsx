import { useState } from 'preact/hooks'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { hrefOf } from '../data/route.ts'
import type { Lease } from '../data/types.ts'
import { Choice } from '../parts/choice.tsx'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ACTIONS, PagedTable } from '../parts/data-table.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { formatDay, formatMac } from '../words/format.ts'
import { fittingLeases, leaseStateWords } from '../words/lease-words.ts'

const COLUMNS = ['Address', 'Held by', 'Device', 'Network', 'State', 'Until', ACTIONS] as const

type Props = {
  readonly store: PageStore
  readonly state: PageState
  /** The network whose leases are shown; null: all. */
  readonly network: string | null
}

/** Who holds which address. */
export function LeasesView({ store, state, network }: Props) {
  const [words, setWords] = useState('')
  const { problem, attempt } = useAttempt()
  const all = (state.leases ?? []).filter((one) => network === null || one.network === network)
  const labels = new Map((state.phones ?? []).map(({ mac, label }) => [mac, label ?? '']))
  const leases = fittingLeases(all, labels, words)
  const free = (address: string) =>
    attempt(async () => {
      await store.api.remove(`/v1/leases/${address}`)
      store.markStale('leases')
    })
  return (
    <>
      <h1>Leases</h1>
      <div class="fields">
        <Choice
          label="Network"
          value={network ?? ''}
          options={[['', 'all'], ...(state.networks ?? []).map(({ name }) => name)]}
          onChange={(chosen) => {
            location.hash = hrefOf({ kind: 'leases', network: chosen === '' ? null : chosen })
          }}
        />
        <TextField
          label="Filter"
          hint="Part of an address, MAC address, label, host name or vendor class"
          value={words}
          onChange={setWords}
        />
      </div>
      <ProblemNote problem={problem} />
      {state.leases === null ? <p>Loading the leases.</p> : null}
      <p class="hint" role="status">
        {state.leases === null ? '' : `${leases.length} of ${all.length} leases`}
      </p>
      {leases.length === 0 ? null : (
        <LeaseTable {...{ leases, labels }} onFree={(address) => void free(address)} />
      )}
    </>
  )
}

type TableProps = {
  readonly leases: readonly Lease[]
  readonly labels: ReadonlyMap<string, string>
  readonly onFree: (address: string) => void
}

function LeaseTable({ leases, labels, onFree }: TableProps) {
  return (
    <PagedTable
      label="Leases"
      pagesLabel="Pages of leases"
      columns={COLUMNS}
      rows={leases}
      draw={(lease) => <Row key={lease.address} {...{ lease, labels, onFree }} />}
    />
  )
}

function Row(props: Omit<TableProps, 'leases'> & { readonly lease: Lease }) {
  const { lease, labels, onFree } = props
  const { address, mac, client, network, vendorClass, hostName, expiresAt } = lease
  return (
    <tr>
      <th scope="row">{address}</th>
      <td>{mac === null ? <code>{client}</code> : <Holder mac={mac} label={labels.get(mac)} />}</td>
      <td>{[vendorClass, hostName].filter(Boolean).join(', ')}</td>
      <td>{network}</td>
      <td>{leaseStateWords(lease)}</td>
      <td>
        {expiresAt === null ? 'for ever' : <time dateTime={expiresAt}>{formatDay(expiresAt)}</time>}
      </td>
      <td>
        <ConfirmButton
          text="Delete"
          about={`the lease of ${address}`}
          title={`Delete the lease of ${address}?`}
          yes="Delete it"
          no="Keep it"
          onYes={() => onFree(address)}
        >
          <p>
            The address can then be given to another device. A device that still uses it is not
            told: restart it first.
          </p>
        </ConfirmButton>
      </td>
    </tr>
  )
}

/** A link where the phone is enrolled: `label` is defined then, though it may be empty. */
function Holder({ mac, label }: { readonly mac: string; readonly label: string | undefined }) {
  if (label === undefined) return <code>{formatMac(mac)}</code>
  return (
    <>
      <a href={hrefOf({ kind: 'phone', mac })}>
        <code>{formatMac(mac)}</code>
      </a>{' '}
      {label}
    </>
  )
}
