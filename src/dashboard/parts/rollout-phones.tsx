import { useId } from 'preact/hooks'
import type { PageState } from '../data/page-state.ts'
import { hrefOf } from '../data/route.ts'
import type { Conversion, Rollout, RolloutPhone } from '../data/types.ts'
import { formatMac } from '../words/format.ts'
import { conversionIn, describeRolloutPhone } from '../words/rollout-words.ts'
import { PagedTable } from './data-table.tsx'
import { FetchedBar } from './fetched-bar.tsx'

const COLUMNS = [
  'Phone',
  { text: 'Label', class: 'label' },
  'State',
  'What to do',
  'Image',
] as const

/** Phones of a roll-out under a heading: where each is, and why one stopped. */
export function RolloutPhones(props: {
  readonly title: string
  readonly phones: readonly RolloutPhone[]
  readonly rollout: Rollout
  readonly state: PageState
}) {
  const { title, phones, rollout, state } = props
  const titleId = useId()
  const labels = new Map(state.phones?.map(({ mac, label }) => [mac, label]))
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId}>
        {title} ({phones.length})
      </h2>
      <PagedTable
        class="rows"
        label={title}
        pagesLabel={`Pages: ${title}`}
        columns={COLUMNS}
        rows={phones}
        draw={(phone) => (
          <Row
            key={phone.mac}
            phone={phone}
            label={labels.get(phone.mac) ?? null}
            conversion={conversionIn(rollout, phone, state.conversions)}
          />
        )}
      />
    </section>
  )
}

function Row(props: {
  readonly phone: RolloutPhone
  readonly label: string | null
  readonly conversion: Conversion | undefined
}) {
  const { phone, label, conversion } = props
  const { mac, state } = phone
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ kind: 'phone', mac })}>{formatMac(mac)}</a>
        <span class="narrow">{label}</span>
      </th>
      <td class="label">{label}</td>
      <td>
        <span class={`mark ${state}`}>{describeRolloutPhone(phone, conversion)}</span>
      </td>
      <td>
        <Why phone={phone} conversion={conversion} />
      </td>
      <td>{conversion === undefined ? null : <FetchedBar conversion={conversion} />}</td>
    </tr>
  )
}

/** The diagnosis where there is one; it says more than the reason of the roll-out. */
function Why(props: { phone: RolloutPhone; conversion: Conversion | undefined }) {
  const { phone, conversion } = props
  const diagnosis = conversion?.diagnosis ?? null
  if (diagnosis === null) return <span>{phone.reason}</span>
  return (
    <>
      <span class="warn">
        ⚠ <code>{diagnosis.code}</code>
      </span>{' '}
      {diagnosis.remedy} <span class="hint block">{diagnosis.cause}</span>
    </>
  )
}
