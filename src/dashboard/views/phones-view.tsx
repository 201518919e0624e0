import { useState } from 'preact/hooks'
import type { PageState, PhoneList } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import { countIn, type PhoneQuery, selectionOf } from '../data/phone-query.ts'
import { hrefOf } from '../data/route.ts'
import { saveFile } from '../data/save-file.ts'
import type { Phone } from '../data/types.ts'
import { BulkActions } from '../parts/bulk-actions.tsx'
import { FirstSteps } from '../parts/first-steps.tsx'
import { GroupButtons } from '../parts/group-buttons.tsx'
import { ListFilters } from '../parts/list-filters.tsx'
import { Pager } from '../parts/pager.tsx'
import { PhoneFilter } from '../parts/phone-filter.tsx'
import { PhoneTable } from '../parts/phone-table.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { allThatMatch } from '../words/bulk-words.ts'
import { pagesOf } from '../words/pages.ts'

type Props = { readonly store: PageStore; readonly state: PageState }

/** All phones and how far each is: a page of them at a time, as the appliance sorts and filters them. */
export function PhonesView({ store, state }: Props) {
  const { phoneList, firmware } = state
  const enrolled = phoneList?.counts.enrolled ?? 0
  const needsFirmware = firmware?.length === 0
  return (
    <>
      <div class="title">
        <h1>Phones</h1>
        <a class="button main" href={hrefOf({ kind: 'enrol' })}>
          Enrol a phone
        </a>
        <a class="button" href={hrefOf({ kind: 'import' })}>
          Import…
        </a>
        {enrolled === 0 ? null : <ExportButton store={store} query={state.phoneQuery} />}
      </div>
      {phoneList === null ? <p>Loading the phones.</p> : null}
      {phoneList !== null && (enrolled === 0 || needsFirmware) ? (
        <FirstSteps loads={firmware?.length ?? 0} phones={enrolled} />
      ) : null}
      {phoneList === null ? null : <List store={store} state={state} list={phoneList} />}
    </>
  )
}

function List({ store, state, list }: Props & { readonly list: PhoneList }) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const query = state.phoneQuery
  const { phones, counts } = list
  const onQuery = (next: PhoneQuery) => store.list(next)
  const total = countIn(query.group, counts)
  const { page, pages } = pagesOf(total, query.page)
  const select = (macs: readonly string[], isSelected: boolean) =>
    setSelected((before) => withPhones(before, macs, isSelected))
  const actions = (
    <BulkActions
      store={store}
      selected={selected}
      firmware={state.firmware ?? []}
      onClear={() => setSelected(new Set())}
    />
  )
  if (counts.enrolled === 0) return actions
  return (
    <>
      <div class="sieve">
        <PhoneFilter
          filter={query.words}
          onFilter={(words) => onQuery({ ...query, words, page: 0 })}
        />
        <GroupButtons
          counts={counts}
          group={query.group}
          onGroup={(group) => onQuery({ ...query, group, page: 0 })}
        />
      </div>
      <ListFilters query={query} state={state} onQuery={onQuery} />
      <p class="hint" role="status">
        {total} of {counts.enrolled} phones
      </p>
      <SelectAll
        store={store}
        query={query}
        total={total}
        onSelect={(macs) => select(macs, true)}
      />
      {actions}
      {phones.length === 0 ? (
        <p>No phone matches.</p>
      ) : (
        <PhoneTable
          phones={phones}
          query={query}
          selected={selected}
          onQuery={onQuery}
          onSelect={select}
        />
      )}
      <Pager
        label="Pages of phones"
        rows={total}
        page={page}
        pages={pages}
        onPage={(next) => onQuery({ ...query, page: next })}
      />
    </>
  )
}

function withPhones(
  before: ReadonlySet<string>,
  macs: readonly string[],
  isSelected: boolean,
): ReadonlySet<string> {
  const after = new Set(before)
  for (const mac of macs) {
    if (isSelected) after.add(mac)
    else after.delete(mac)
  }
  return after
}

/** Selects all phones of the list, also those on other pages. */
function SelectAll(props: {
  readonly store: PageStore
  readonly query: PhoneQuery
  readonly total: number
  readonly onSelect: (macs: readonly string[]) => void
}) {
  const { store, query, total, onSelect } = props
  const { problem, attempt } = useAttempt()
  const selectAll = () =>
    attempt(async () => {
      const all = await store.api.get<readonly Phone[]>(`/v1/phones?${selectionOf(query)}`)
      onSelect(all.map(({ mac }) => mac))
    })
  if (total === 0) return null
  return (
    <>
      <p class="actions">
        <button type="button" onClick={() => void selectAll()}>
          Select {allThatMatch(total)}
        </button>
      </p>
      <ProblemNote problem={problem} />
    </>
  )
}

/** Saves the phones of the list as CSV. */
function ExportButton({ store, query }: { readonly store: PageStore; readonly query: PhoneQuery }) {
  const { problem, attempt } = useAttempt()
  const save = () =>
    attempt(async () => {
      const csv = await store.api.csv(`/v1/phones.csv?${selectionOf(query)}`)
      saveFile('phones.csv', 'text/csv', csv)
    })
  return (
    <>
      <button type="button" onClick={() => void save()}>
        Export as CSV
      </button>
      <ProblemNote problem={problem} />
    </>
  )
}
