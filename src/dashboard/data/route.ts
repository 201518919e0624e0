import type { Resource } from './stale.ts'

/** What the page shows, by the part of its address behind `#`. */
export type Route =
  | { readonly kind: 'phones' }
  | { readonly kind: 'phone'; readonly mac: string }
  | { readonly kind: 'edit-phone'; readonly mac: string }
  | { readonly kind: 'rollouts' }
  | { readonly kind: 'rollout'; readonly id: string }
  | { readonly kind: 'new-rollout' }
  | { readonly kind: 'enrol' }
  | { readonly kind: 'networks' }
  | { readonly kind: 'firmware' }

/** Reads the address; whatever is none of ours is the list of phones. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '')
  const [, mac, edit] = /^phones\/([0-9A-F]{12})(\/edit)?$/.exec(path) ?? []
  if (mac !== undefined) return { kind: edit === undefined ? 'phone' : 'edit-phone', mac }
  const [, id] = /^rollouts\/([A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/.exec(path) ?? []
  if (id !== undefined) return { kind: 'rollout', id }
  if (path === 'rollouts' || path === 'new-rollout') return { kind: path }
  if (path === 'enrol' || path === 'networks' || path === 'firmware') return { kind: path }
  return { kind: 'phones' }
}

/** The address of a route, for links. */
export function hrefOf(route: Route): string {
  if (route.kind === 'phone') return `#/phones/${route.mac}`
  if (route.kind === 'edit-phone') return `#/phones/${route.mac}/edit`
  return route.kind === 'rollout' ? `#/rollouts/${route.id}` : `#/${route.kind}`
}

/** What a route shows and is kept up to date for it. */
export function shownOn(route: Route): ReadonlySet<Resource> {
  // That phones cannot be served is said on every part of the page.
  return new Set<Resource>([...SHOWN[route.kind], 'status'])
}

const SHOWN = {
  phones: new Set<Resource>(['phones', 'conversions', 'firmware']),
  phone: new Set<Resource>(['phones', 'phone', 'conversions', 'trace', 'firmware']),
  'edit-phone': new Set<Resource>(['phones', 'networks', 'profiles']),
  rollouts: new Set<Resource>(['rollouts']),
  rollout: new Set<Resource>(['rollout', 'phones', 'conversions']),
  'new-rollout': new Set<Resource>(['phones', 'conversions', 'firmware']),
  enrol: new Set<Resource>(['phones', 'networks', 'profiles']),
  networks: new Set<Resource>(['networks', 'pool-use']),
  firmware: new Set<Resource>(['firmware']),
} as const satisfies Record<Route['kind'], ReadonlySet<Resource>>
