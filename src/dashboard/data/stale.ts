import type { ApiEvent } from './types.ts'

/** What the page holds of the API and reads again as it changes. */
const RESOURCES = [
  /** All phones. */
  'phones',
  /** The page of the list of phones that is shown, with their conversions and the counts. */
  'phone-list',
  /** The phone that is open, alone. */
  'phone',
  /** Its conversion. */
  'conversion',
  'profiles',
  /** Whether phones can be served. */
  'status',
  'unknown-devices',
  'leases',
  'files',
  /** Named tokens of the API. */
  'tokens',
  'webhooks',
  'firmware',
  'networks',
  /** How full the pools of all networks were lately. */
  'pool-use',
  'conversions',
  'rollouts',
  /** The roll-out that is open, with its phones. */
  'rollout',
  /** Timeline and file view of the phone that is open. */
  'trace',
] as const

/** One of what is read. */
export type Resource = (typeof RESOURCES)[number]

/** What no longer is as the page shows it. */
export type Stale = {
  readonly resources: ReadonlySet<Resource>
  /** Phones whose conversions alone have changed. */
  readonly conversionsOf: ReadonlySet<string>
}

/** All is as it is shown. */
export const FRESH: Stale = { resources: new Set(), conversionsOf: new Set() }

/** Nothing is known to be as it is shown. */
export const ALL_STALE: Stale = { resources: new Set(RESOURCES), conversionsOf: new Set() }

/** Beyond so many phones the whole list costs less than each conversion by itself. */
const MANY_PHONES = 8

/** What a phone registers as or was seen to run, and what an operator says of it. */
const CHANGES_PHONE = /^(?:phone|audit)\./

/** Who is enrolled, and as what. */
const CHANGES_PHONES = /^(?:audit|enrol)\./

/** Whether an event may show in the list of phones; it is read again now and then, however many come. */
export function movesList({ event, mac }: ApiEvent): boolean {
  return mac !== null || CHANGES_PHONES.test(event)
}

/**
 * What is stale after an event.
 *
 * @param openMac - The phone that is open, or null.
 */
export function staleAfter(stale: Stale, event: ApiEvent, openMac: string | null): Stale {
  const resources = new Set(stale.resources)
  if (event.event.startsWith('dhcp.')) resources.add('networks')
  if (event.event.startsWith('rollout.')) resources.add('rollouts').add('rollout')
  if (CHANGES_PHONES.test(event.event)) resources.add('phones')
  if (event.mac === null) return { ...stale, resources }
  if (event.mac === openMac) {
    resources.add('trace').add('conversion')
    if (CHANGES_PHONE.test(event.event)) resources.add('phone')
  }
  if (resources.has('conversions')) return { ...stale, resources }
  const conversionsOf = new Set(stale.conversionsOf).add(event.mac)
  if (conversionsOf.size <= MANY_PHONES) return { resources, conversionsOf }
  return { resources: resources.add('conversions'), conversionsOf: new Set() }
}

/** The same, with these besides. */
export function addStale(stale: Stale, more: Iterable<Resource>): Stale {
  const resources = new Set([...stale.resources, ...more])
  return resources.has('conversions')
    ? { resources, conversionsOf: new Set() }
    : { ...stale, resources }
}

/** Splits off what is worth reading now, because the operator looks at it. */
export function takeShown(
  stale: Stale,
  shown: ReadonlySet<Resource>,
): { readonly now: Stale; readonly later: Stale } {
  const now = new Set([...stale.resources].filter((one) => shown.has(one)))
  const later = new Set([...stale.resources].filter((one) => !shown.has(one)))
  const isShown = shown.has('conversions')
  return {
    now: { resources: now, conversionsOf: isShown ? stale.conversionsOf : new Set() },
    later: { resources: later, conversionsOf: isShown ? new Set() : stale.conversionsOf },
  }
}

/** Whether there is nothing to read. */
export function isFresh({ resources, conversionsOf }: Stale): boolean {
  return resources.size === 0 && conversionsOf.size === 0
}
