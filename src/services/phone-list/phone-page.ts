import type { Mac } from '../../net/mac.ts'
import { type PhoneFilter, phoneFilter } from './phone-filter.ts'
import { type PhoneOrder, sortPhones } from './phone-order.ts'
import { LISTED_STATES, type ListedState, type PhoneListRow, stateOf } from './phone-row.ts'

/** Which phones, and how they are sorted. */
export type PhoneSelection = PhoneFilter & {
  readonly order: PhoneOrder
  readonly isDescending: boolean
}

/** Which part of them. */
export type PhoneQuery = PhoneSelection & {
  /** At most so many; undefined: all. */
  readonly limit: number | undefined
  /** After this phone; undefined: from the beginning. */
  readonly after: Mac | undefined
  /** So many are passed over first. */
  readonly offset: number
}

/** A part of the phones. */
export type PhonePage = {
  readonly rows: readonly PhoneListRow[]
  /** How many fit the filter. */
  readonly total: number
  /** Whether more follow. */
  readonly hasMore: boolean
}

/**
 * The phones that fit, sorted.
 *
 * @param rows - All phones, in the order of their MAC addresses.
 */
export function selectPhones(
  rows: readonly PhoneListRow[],
  { order, isDescending, ...filter }: PhoneSelection,
): readonly PhoneListRow[] {
  return sortPhones(rows.filter(phoneFilter(filter)), order, isDescending)
}

/**
 * The phones that fit, sorted, a part of them.
 *
 * @param rows - All phones, in the order of their MAC addresses.
 * @returns Undefined where `after` names a phone that does not fit, or fits no longer: the list has no
 *   place to go on from.
 */
export function phonePage(rows: readonly PhoneListRow[], query: PhoneQuery): PhonePage | undefined {
  const { limit, after, offset } = query
  const fitting = selectPhones(rows, query)
  const start = after === undefined ? offset : placeAfter(fitting, after, query)
  if (start === undefined) return undefined
  const end = limit === undefined ? fitting.length : start + limit
  return { rows: fitting.slice(start, end), total: fitting.length, hasMore: end < fitting.length }
}

/** In the order of addresses every address has its place, also that of a phone that is gone. */
function placeAfter(
  fitting: readonly PhoneListRow[],
  after: Mac,
  { order, isDescending, offset }: PhoneQuery,
): number | undefined {
  if (order === 'mac') {
    const isBehind = ({ phone: { mac } }: PhoneListRow) =>
      isDescending ? mac < after : mac > after
    const place = fitting.findIndex(isBehind)
    return (place < 0 ? fitting.length : place) + offset
  }
  const place = fitting.findIndex(({ phone }) => phone.mac === after)
  return place < 0 ? undefined : place + 1 + offset
}

/** How many of the phones that fit stand where; the states of the filter do not matter. */
export function countStates(
  rows: readonly PhoneListRow[],
  { states: _, ...filter }: PhoneFilter,
): { readonly enrolled: number; readonly total: number } & Readonly<Record<ListedState, number>> {
  const none = Object.fromEntries(LISTED_STATES.map((state) => [state, 0]))
  const counts = none as Record<ListedState, number>
  const fitting = rows.filter(phoneFilter(filter))
  for (const row of fitting) counts[stateOf(row)] += 1
  return { enrolled: rows.length, total: fitting.length, ...counts }
}
