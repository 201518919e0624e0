import type { Resource } from './stale.ts'

/** What the page shows, by the part of its address behind `#`. */
export type Route =
  | { readonly kind: 'phones' }
  | { readonly kind: 'phone'; readonly mac: string }
  | { readonly kind: 'edit-phone'; readonly mac: string }
  | { readonly kind: 'rollouts' }
  | { readonly kind: 'rollout'; readonly id: string }
  | { readonly kind: 'new-rollout' }
  | { readonly kind: 'surveys' }
  | { readonly kind: 'survey'; readonly id: string }
  | { readonly kind: 'enrol' }
  | { readonly kind: 'import' }
  | { readonly kind: 'networks' }
  | { readonly kind: 'firmware' }

/** The routes that are their kind alone. */
const PLAIN_ROUTES = [
  { kind: 'rollouts' },
  { kind: 'new-rollout' },
  { kind: 'surveys' },
  { kind: 'enrol' },
  { kind: 'import' },
  { kind: 'networks' },
  { kind: 'firmware' },
] as const satisfies readonly Route[]

/** Reads the address; whatever is none of ours is the list of phones. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '')
  const [, mac, edit] = /^phones\/([0-9A-F]{12})(\/edit)?$/.exec(path) ?? []
  if (mac !== undefined) return { kind: edit === undefined ? 'phone' : 'edit-phone', mac }
  const [, id] = /^rollouts\/([A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/.exec(path) ?? []
  if (id !== undefined) return { kind: 'rollout', id }
  const [, survey] = /^surveys\/([A-Za-z0-9-]{1,64})$/.exec(path) ?? []
  if (survey !== undefined) return { kind: 'survey', id: survey }
  return PLAIN_ROUTES.find(({ kind }) => kind === path) ?? { kind: 'phones' }
}

/** The address of a route, for links. */
export function hrefOf(route: Route): string {
  if (route.kind === 'phone') return `#/phones/${route.mac}`
  if (route.kind === 'edit-phone') return `#/phones/${route.mac}/edit`
  if (route.kind === 'survey') return `#/surveys/${route.id}`
  return route.kind === 'rollout' ? `#/rollouts/${route.id}` : `#/${route.kind}`
}

/** What a route shows and is kept up to date for it. */
export function shownOn(route: Route): ReadonlySet<Resource> {
  // That phones cannot be served is said on every part of the page.
  return new Set<Resource>([...SHOWN[route.kind], 'status'])
}

const SHOWN = {
  phones: new Set<Resource>(['phone-list', 'firmware', 'networks', 'profiles']),
  phone: new Set<Resource>(['phone', 'conversion', 'trace', 'firmware']),
  'edit-phone': new Set<Resource>(['phone', 'networks', 'profiles']),
  rollouts: new Set<Resource>(['rollouts']),
  rollout: new Set<Resource>(['rollout', 'phones', 'conversions']),
  'new-rollout': new Set<Resource>(['phones', 'conversions', 'firmware']),
  surveys: new Set<Resource>(['networks']),
  // It is read by its own view, and changes by no event.
  survey: new Set<Resource>(),
  enrol: new Set<Resource>(['networks', 'profiles']),
  import: new Set<Resource>(),
  networks: new Set<Resource>(['networks', 'pool-use']),
  firmware: new Set<Resource>(['firmware']),
} as const satisfies Record<Route['kind'], ReadonlySet<Resource>>
