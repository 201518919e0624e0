import type { Resource } from './stale.ts'

/** What the page shows, by the part of its address behind `#`. */
export type Route =
  | { readonly kind: 'phones' }
  | { readonly kind: 'phone'; readonly mac: string }
  | { readonly kind: 'edit-phone'; readonly mac: string }
  | { readonly kind: 'phone-report'; readonly mac: string }
  | { readonly kind: 'rollouts' }
  | { readonly kind: 'rollout'; readonly id: string }
  | { readonly kind: 'rollout-report'; readonly id: string }
  | { readonly kind: 'new-rollout' }
  | { readonly kind: 'surveys' }
  | { readonly kind: 'survey'; readonly id: string }
  | { readonly kind: 'enrol' }
  | { readonly kind: 'import' }
  | { readonly kind: 'devices' }
  | { readonly kind: 'profiles' }
  | { readonly kind: 'profile'; readonly name: string }
  | { readonly kind: 'new-profile' }
  | { readonly kind: 'tokens' }
  | { readonly kind: 'webhooks' }
  | { readonly kind: 'webhook'; readonly id: string }
  | { readonly kind: 'networks' }
  /** Of one network, or of all. */
  | { readonly kind: 'leases'; readonly network: string | null }
  | { readonly kind: 'firmware' }
  | { readonly kind: 'files' }
  /** Of one phone or network, or of all. */
  | { readonly kind: 'events'; readonly about: string | null }
  | { readonly kind: 'appliance' }

/** The routes that are their kind alone. */
const PLAIN_ROUTES = [
  { kind: 'rollouts' },
  { kind: 'new-rollout' },
  { kind: 'surveys' },
  { kind: 'enrol' },
  { kind: 'import' },
  { kind: 'devices' },
  { kind: 'profiles' },
  { kind: 'new-profile' },
  { kind: 'tokens' },
  { kind: 'webhooks' },
  { kind: 'networks' },
  { kind: 'firmware' },
  { kind: 'files' },
  { kind: 'appliance' },
] as const satisfies readonly Route[]

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

/** Reads the address; whatever is none of ours is the list of phones. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '')
  const [part = '', name, more, ...rest] = path.split('/')
  if (name === undefined) return plainRoute(part)
  if (rest.length > 0) return { kind: 'phones' }
  return namedRoute(part, name, more) ?? { kind: 'phones' }
}

function plainRoute(part: string): Route {
  if (part === 'leases') return { kind: 'leases', network: null }
  if (part === 'events') return { kind: 'events', about: null }
  return PLAIN_ROUTES.find(({ kind }) => kind === part) ?? { kind: 'phones' }
}

function namedRoute(part: string, name: string, more: string | undefined): Route | undefined {
  if (!NAME.test(name)) return undefined
  if (part === 'phones' && /^[0-9A-F]{12}$/.test(name)) return phoneRoute(name, more)
  if (part === 'rollouts' && more === 'report') return { kind: 'rollout-report', id: name }
  if (more !== undefined) return undefined
  switch (part) {
    case 'rollouts':
      return { kind: 'rollout', id: name }
    case 'surveys':
      return { kind: 'survey', id: name }
    case 'profiles':
      return { kind: 'profile', name }
    case 'webhooks':
      return { kind: 'webhook', id: name }
    case 'leases':
      return { kind: 'leases', network: name }
    case 'events':
      return { kind: 'events', about: name }
    default:
      return undefined
  }
}

function phoneRoute(mac: string, more: string | undefined): Route | undefined {
  if (more === undefined) return { kind: 'phone', mac }
  if (more === 'edit') return { kind: 'edit-phone', mac }
  return more === 'report' ? { kind: 'phone-report', mac } : undefined
}

/** The address of a route, for links. */
export function hrefOf(route: Route): string {
  switch (route.kind) {
    case 'phone':
      return `#/phones/${route.mac}`
    case 'edit-phone':
      return `#/phones/${route.mac}/edit`
    case 'phone-report':
      return `#/phones/${route.mac}/report`
    case 'rollout':
      return `#/rollouts/${route.id}`
    case 'rollout-report':
      return `#/rollouts/${route.id}/report`
    case 'survey':
      return `#/surveys/${route.id}`
    case 'profile':
      return `#/profiles/${route.name}`
    case 'webhook':
      return `#/webhooks/${route.id}`
    case 'leases':
      return route.network === null ? '#/leases' : `#/leases/${route.network}`
    case 'events':
      return route.about === null ? '#/events' : `#/events/${route.about}`
    default:
      return `#/${route.kind}`
  }
}

/** What a route shows and is kept up to date for it. */
export function shownOn(route: Route): ReadonlySet<Resource> {
  // That phones cannot be served is said on every part of the page.
  return new Set<Resource>([...SHOWN[route.kind], 'status'])
}

const SHOWN = {
  phones: ['phone-list', 'firmware', 'networks', 'profiles'],
  phone: ['phone', 'conversion', 'trace', 'firmware'],
  'edit-phone': ['phone', 'networks', 'profiles'],
  'phone-report': [],
  rollouts: ['rollouts'],
  rollout: ['rollout', 'phones', 'conversions'],
  'rollout-report': [],
  'new-rollout': ['phones', 'conversions', 'firmware'],
  surveys: ['networks'],
  // It is read by its own view, and changes by no event.
  survey: [],
  enrol: ['networks', 'profiles'],
  import: [],
  devices: ['unknown-devices'],
  profiles: ['profiles', 'phones'],
  profile: ['profiles', 'firmware', 'phones'],
  'new-profile': ['profiles', 'firmware'],
  tokens: ['tokens'],
  webhooks: ['webhooks'],
  webhook: ['webhooks'],
  networks: ['networks', 'pool-use'],
  leases: ['leases', 'networks', 'phones'],
  firmware: ['firmware'],
  files: ['files'],
  events: ['networks'],
  appliance: [],
} as const satisfies Record<Route['kind'], readonly Resource[]>
