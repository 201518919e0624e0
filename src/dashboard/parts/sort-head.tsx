import { ariaSort, type PhoneQuery, type PhoneSort, sortedBy } from '../data/phone-query.ts'

const ARROWS = { ascending: '▲', descending: '▼', none: '' } as const

/** The head of a column that sorts the list by it; pressed once more, the other way round. */
export function SortHead(props: {
  readonly text: string
  readonly column: PhoneSort
  readonly query: PhoneQuery
  readonly class?: string
  readonly onQuery: (query: PhoneQuery) => void
}) {
  const { text, column, query, onQuery } = props
  const sorted = ariaSort(query, column)
  return (
    <th scope="col" class={props.class} aria-sort={sorted}>
      <button type="button" class="sort" onClick={() => onQuery(sortedBy(query, column))}>
        {text} <span aria-hidden="true">{ARROWS[sorted]}</span>
      </button>
    </th>
  )
}
