import { ALL_PHONES, type PhoneQuery } from './phone-query.ts'
import type {
  ApplianceStatus,
  Conversion,
  Firmware,
  Lease,
  ListedPhone,
  Network,
  Phone,
  PhoneCounts,
  PoolUseHistory,
  Profile,
  Rollout,
  RolloutSummary,
  SharedFile,
  TimelineEntry,
  Token,
  UnknownDevice,
  ViewedFile,
  Webhook,
} from './types.ts'

/** How the page learns what happens. */
export type Connection = 'connecting' | 'live' | 'polling'

/** What one open phone shows besides its conversion; null before it has been read. */
export type Trace = {
  readonly mac: string
  readonly timeline: readonly TimelineEntry[]
  readonly files: readonly ViewedFile[]
}

/** The roll-out that is open; `rollout` is null where there is none of that name. */
export type OpenRollout = { readonly id: string; readonly rollout: Rollout | null }

/** Phones of one page of the list, and how many there are. */
export type PhoneList = {
  readonly phones: readonly ListedPhone[]
  readonly counts: PhoneCounts
}

/** The phone that is open; `phone` is null where it is not enrolled. */
export type OpenPhone = { readonly mac: string; readonly phone: Phone | null }

/** All that the page shows. A list is null until it has been read once. */
export type PageState = {
  /** All phones; read where the operator chooses among them. */
  readonly phones: readonly Phone[] | null
  /** The page of the list of phones that was asked for last, and what was asked. */
  readonly phoneList: PhoneList | null
  readonly phoneQuery: PhoneQuery
  /** The phone that is open; null before it has been read. */
  readonly openPhone: OpenPhone | null
  readonly conversions: ReadonlyMap<string, Conversion>
  readonly networks: readonly Network[] | null
  /** How full pools were lately, by network. */
  readonly poolUse: ReadonlyMap<string, PoolUseHistory>
  readonly firmware: readonly Firmware[] | null
  readonly profiles: readonly Profile[] | null
  readonly rollouts: readonly RolloutSummary[] | null
  readonly openRollout: OpenRollout | null
  readonly trace: Trace | null
  readonly unknownDevices: readonly UnknownDevice[] | null
  readonly leases: readonly Lease[] | null
  readonly files: readonly SharedFile[] | null
  readonly tokens: readonly Token[] | null
  readonly webhooks: readonly Webhook[] | null
  /** Null before it was asked. */
  readonly status: ApplianceStatus | null
  readonly connection: Connection
  /** Whether the API has asked for a token, and why it did not take the last one; empty: it had none. */
  readonly tokenWanted: string | null
  /** Why the last reading failed; null when it did not. */
  readonly fault: string | null
}

/** What happens to the state. */
export type Action =
  | { readonly kind: 'phones'; readonly phones: readonly Phone[] }
  | { readonly kind: 'phone-list'; readonly list: PhoneList }
  | { readonly kind: 'phone-query'; readonly query: PhoneQuery }
  /** One phone was read by itself; null: it is not enrolled any more. */
  | { readonly kind: 'phone'; readonly mac: string; readonly phone: Phone | null }
  | { readonly kind: 'networks'; readonly networks: readonly Network[] }
  | { readonly kind: 'pool-use'; readonly poolUse: ReadonlyMap<string, PoolUseHistory> }
  | { readonly kind: 'firmware'; readonly firmware: readonly Firmware[] }
  | { readonly kind: 'profiles'; readonly profiles: readonly Profile[] }
  | { readonly kind: 'conversions'; readonly conversions: readonly Conversion[] }
  | { readonly kind: 'conversion'; readonly conversion: Conversion }
  | { readonly kind: 'rollouts'; readonly rollouts: readonly RolloutSummary[] }
  | { readonly kind: 'rollout'; readonly openRollout: OpenRollout }
  | { readonly kind: 'trace'; readonly trace: Trace }
  | { readonly kind: 'unknown-devices'; readonly unknownDevices: readonly UnknownDevice[] }
  | { readonly kind: 'leases'; readonly leases: readonly Lease[] }
  | { readonly kind: 'files'; readonly files: readonly SharedFile[] }
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'webhooks'; readonly webhooks: readonly Webhook[] }
  | { readonly kind: 'status'; readonly status: ApplianceStatus }
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'token-wanted'; readonly why: string }
  | { readonly kind: 'token-given' }
  | { readonly kind: 'fault'; readonly fault: string | null }

/** Before anything has been read. */
export const EMPTY_PAGE: PageState = {
  phones: null,
  phoneList: null,
  phoneQuery: ALL_PHONES,
  openPhone: null,
  conversions: new Map(),
  networks: null,
  poolUse: new Map(),
  firmware: null,
  profiles: null,
  rollouts: null,
  openRollout: null,
  trace: null,
  unknownDevices: null,
  leases: null,
  files: null,
  tokens: null,
  webhooks: null,
  status: null,
  connection: 'connecting',
  tokenWanted: null,
  fault: null,
}

/** The state after an action. */
export function reduce(state: PageState, action: Action): PageState {
  switch (action.kind) {
    case 'phones':
      return { ...state, phones: action.phones }
    case 'phone':
      return {
        ...state,
        phones: withPhone(state.phones, action.mac, action.phone),
        openPhone: { mac: action.mac, phone: action.phone },
      }
    case 'phone-list':
      return {
        ...state,
        phoneList: action.list,
        conversions: withConversions(
          state.conversions,
          action.list.phones.flatMap(({ conversion }) => conversion ?? []),
        ),
      }
    case 'phone-query':
      return { ...state, phoneQuery: action.query }
    case 'networks':
      return { ...state, networks: action.networks }
    case 'pool-use':
      return { ...state, poolUse: action.poolUse }
    case 'firmware':
      return { ...state, firmware: action.firmware }
    case 'profiles':
      return { ...state, profiles: action.profiles }
    case 'conversions':
      return { ...state, conversions: new Map(action.conversions.map((one) => [one.mac, one])) }
    case 'conversion':
      return { ...state, conversions: withConversions(state.conversions, [action.conversion]) }
    case 'rollouts':
      return { ...state, rollouts: action.rollouts }
    case 'rollout':
      return { ...state, openRollout: newerOf(state.openRollout, action.openRollout) }
    case 'trace':
      return { ...state, trace: action.trace }
    case 'unknown-devices':
      return { ...state, unknownDevices: action.unknownDevices }
    case 'leases':
      return { ...state, leases: action.leases }
    case 'files':
      return { ...state, files: action.files }
    case 'tokens':
      return { ...state, tokens: action.tokens }
    case 'webhooks':
      return { ...state, webhooks: action.webhooks }
    case 'status':
      return isSame(state.status, action.status) ? state : { ...state, status: action.status }
    case 'connection':
      return state.connection === action.connection
        ? state
        : { ...state, connection: action.connection }
    case 'token-wanted':
      return { ...state, tokenWanted: action.why }
    case 'token-given':
      return { ...state, tokenWanted: null, fault: null }
    case 'fault':
      return state.fault === action.fault ? state : { ...state, fault: action.fault }
    default:
      return action satisfies never
  }
}

/** Asked every few seconds: the same answer again is no change to draw. */
function isSame(before: ApplianceStatus | null, after: ApplianceStatus): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

/** In its place in the list; a list that was never read stays so. */
function withPhone(
  phones: PageState['phones'],
  mac: string,
  phone: Phone | null,
): PageState['phones'] {
  if (phones === null) return null
  const isKnown = phones.some((one) => one.mac === mac)
  if (phone !== null && !isKnown) return [...phones, phone]
  return phones.flatMap((one) => (one.mac !== mac ? [one] : phone === null ? [] : [phone]))
}

/** The answer that was overtaken on its way by a later one of the same roll-out is dropped. */
function newerOf(known: OpenRollout | null, next: OpenRollout): OpenRollout {
  if (known?.id !== next.id || known.rollout === null || next.rollout === null) return next
  return known.rollout.revision > next.rollout.revision ? known : next
}

/**
 * Revisions do not count bytes, so an answer of the same revision may be news; one of an earlier
 * revision was overtaken on its way.
 */
function withConversions(
  known: ReadonlyMap<string, Conversion>,
  read: readonly Conversion[],
): ReadonlyMap<string, Conversion> {
  const news = read.filter(({ mac, revision }) => (known.get(mac)?.revision ?? 0) <= revision)
  return news.length === 0
    ? known
    : new Map([...known, ...news.map((one) => [one.mac, one] as const)])
}
