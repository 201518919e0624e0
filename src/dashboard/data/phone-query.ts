import { PAGE_ROWS } from '../words/pages.ts'
import type { PhoneGroup } from '../words/phone-groups.ts'
import type { PhoneCounts } from './types.ts'

/** Columns that the list can be sorted by; with `-` in front descending. */
export type PhoneSort = 'mac' | 'label' | 'state' | 'load' | 'model' | 'network' | 'profile'

/** Which phones the list shows. Empty fields do not matter. */
export type PhoneQuery = {
  readonly words: string
  readonly group: PhoneGroup
  readonly network: string
  readonly profile: string
  readonly load: string
  readonly registered: '' | 'true' | 'false'
  readonly sort: PhoneSort | `-${PhoneSort}`
  /** Counted from 0. */
  readonly page: number
}

/** All phones by their MAC addresses. */
export const ALL_PHONES: PhoneQuery = {
  words: '',
  group: 'all',
  network: '',
  profile: '',
  load: '',
  registered: '',
  sort: 'mac',
  page: 0,
}

/** A phone whose conversion was cancelled counts as one that never had any. */
const STATES_OF = {
  all: [],
  stopped: ['stalled'],
  'under-way': ['waiting', 'running'],
  confirmed: ['confirmed'],
  idle: ['none', 'cancelled'],
} as const satisfies Record<PhoneGroup, readonly (keyof PhoneCounts)[]>

/** The query without its part: what the counts and an export are asked for. */
export function filterOf(query: PhoneQuery): URLSearchParams {
  const { words, network, profile, load, registered } = query
  const given = Object.entries({ q: words.trim(), network, profile, load, registered })
  return new URLSearchParams(given.filter(([, value]) => value !== ''))
}

/** The same with the group and the order: all phones of the list. */
export function selectionOf(query: PhoneQuery): URLSearchParams {
  const search = filterOf(query)
  const states = STATES_OF[query.group]
  if (states.length > 0) search.set('state', states.join(','))
  search.set('sort', query.sort)
  return search
}

/** What the API is asked for one page of the list. */
export function pageOfList(query: PhoneQuery): URLSearchParams {
  const search = selectionOf(query)
  search.set('limit', `${PAGE_ROWS}`)
  search.set('offset', `${query.page * PAGE_ROWS}`)
  search.set('with', 'conversion')
  return search
}

/** How many phones of the filter are in a group. */
export function countIn(group: PhoneGroup, counts: PhoneCounts): number {
  if (group === 'all') return counts.total
  return STATES_OF[group].reduce((sum, state) => sum + counts[state], 0)
}

/** The order after a press on the head of a column: once more turns it round. */
export function sortedBy(query: PhoneQuery, column: PhoneSort): PhoneQuery {
  return { ...query, sort: query.sort === column ? `-${column}` : column, page: 0 }
}

/** How a column is sorted, in the words of ARIA. */
export function ariaSort(
  query: PhoneQuery,
  column: PhoneSort,
): 'ascending' | 'descending' | 'none' {
  if (query.sort === column) return 'ascending'
  return query.sort === `-${column}` ? 'descending' : 'none'
}
