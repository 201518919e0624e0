import type { PhoneFilter } from '../../../services/phone-list/phone-filter.ts'
import type { PhoneOrder } from '../../../services/phone-list/phone-order.ts'
import type { PhoneQuery, PhoneSelection } from '../../../services/phone-list/phone-page.ts'
import type { ListedState } from '../../../services/phone-list/phone-row.ts'
import { readMac } from '../read-values.ts'
import type { PhoneListQuery } from '../schemas/phone-list.ts'

/** The filter of a query that fits its schema. */
export function readFilter(query: PhoneListQuery): PhoneFilter {
  const { network, profile, state, load, registered, q } = query
  return {
    ...(network === undefined ? {} : { network }),
    ...(profile === undefined ? {} : { profile }),
    ...(state === undefined ? {} : { states: state.split(',') as ListedState[] }),
    ...(load === undefined ? {} : { load }),
    ...(registered === undefined ? {} : { isRegistered: registered === 'true' }),
    ...(q === undefined ? {} : { words: q }),
  }
}

/** The same with order. */
export function readSelection(query: PhoneListQuery): PhoneSelection {
  const { sort = 'mac' } = query
  const isDescending = sort.startsWith('-')
  const order = (isDescending ? sort.slice(1) : sort) as PhoneOrder
  return { ...readFilter(query), order, isDescending }
}

/**
 * The same with part.
 *
 * @throws ProblemError 400 where `after` is no MAC address.
 */
export function readQuery(query: PhoneListQuery): PhoneQuery {
  const { limit, after, offset = 0 } = query
  return {
    ...readSelection(query),
    limit,
    after: after === undefined ? undefined : readMac(after, 'after'),
    offset,
  }
}
