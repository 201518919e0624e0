import { type ListedState, type PhoneListRow, stateOf } from './phone-row.ts'

/** What phones are sorted by. */
export const PHONE_ORDERS = [
  'mac',
  'label',
  'model',
  'network',
  'profile',
  'address',
  'load',
  'state',
  'updated',
] as const

/** One of them. */
export type PhoneOrder = (typeof PHONE_ORDERS)[number]

/** A phone without a label or an address comes after those that have one. */
type Key = string | number | null

/** That of MAC addresses is the order in which rows come. */
const KEYS: Readonly<Record<Exclude<PhoneOrder, 'mac'>, (row: PhoneListRow) => Key>> = {
  label: ({ phone }) => phone.label || null,
  model: ({ phone }) => phone.model,
  network: ({ phone }) => phone.network,
  profile: ({ phone }) => phone.profile,
  address: ({ phone }) => phone.address,
  load: ({ seen }) => seen?.load ?? null,
  state: (row) => RANKS[stateOf(row)],
  updated: ({ conversion }) => conversion?.updatedAtMs ?? null,
}

/** What wants attention comes first, what never began comes last. */
const RANKS: Readonly<Record<ListedState, number>> = {
  stalled: 0,
  running: 1,
  waiting: 2,
  confirmed: 3,
  cancelled: 4,
  none: 5,
}

/**
 * Phones in an order; those that are alike in it by their MAC addresses, so that the order is total.
 *
 * @param rows - In the order of their MAC addresses.
 */
export function sortPhones(
  rows: readonly PhoneListRow[],
  order: PhoneOrder,
  isDescending: boolean,
): readonly PhoneListRow[] {
  const sign = isDescending ? -1 : 1
  if (order === 'mac') return isDescending ? [...rows].reverse() : rows
  const keyed = rows.map((row) => ({ row, key: KEYS[order](row) }))
  // The sort is stable: what is alike stays in the order of the addresses.
  return keyed.sort((a, b) => compare(a.key, b.key, sign)).map(({ row }) => row)
}

/** Numbers within texts count as numbers: desk 9 comes before desk 10. */
const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function compare(a: Key, b: Key, sign: number): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
  return sign * COLLATOR.compare(`${a}`, `${b}`)
}
