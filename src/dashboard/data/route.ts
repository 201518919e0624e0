import type { Resource } from './stale.ts'

/** What the page shows, by the part of its address behind `#`. */
export type Route =
  | { readonly kind: 'phones' }
  | { readonly kind: 'phone'; readonly mac: string }
  | { readonly kind: 'enrol' }
  | { readonly kind: 'networks' }
  | { readonly kind: 'firmware' }

/** Reads the address; whatever is none of ours is the list of phones. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '')
  const [, mac] = /^phones\/([0-9A-F]{12})$/.exec(path) ?? []
  if (mac !== undefined) return { kind: 'phone', mac }
  if (path === 'enrol' || path === 'networks' || path === 'firmware') return { kind: path }
  return { kind: 'phones' }
}

/** The address of a route, for links. */
export function hrefOf(route: Route): string {
  return route.kind === 'phone' ? `#/phones/${route.mac}` : `#/${route.kind}`
}

/** What a route shows and is kept up to date for it. */
export function shownOn(route: Route): ReadonlySet<Resource> {
  return SHOWN[route.kind]
}

const SHOWN = {
  phones: new Set<Resource>(['phones', 'conversions']),
  phone: new Set<Resource>(['phones', 'conversions', 'trace', 'firmware']),
  enrol: new Set<Resource>(['phones', 'networks', 'profiles']),
  networks: new Set<Resource>(['networks']),
  firmware: new Set<Resource>(['firmware']),
} as const satisfies Record<Route['kind'], ReadonlySet<Resource>>
