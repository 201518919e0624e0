import type { FastifyInstance } from 'fastify'
import { hostMeant } from './host-check.ts'
import { problemOf, sendProblem } from './problem.ts'
import { isSafe } from './read-only.ts'
import { addProblem } from './schemas/problem.ts'

/** The headers by which a browser says whose page asks (Fetch standard, Fetch Metadata). */
type AskingPage = {
  readonly origin?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

/**
 * Refuses every request that could change something and that a page of another site has caused: a
 * browser sends some of them without asking first, with what it knows of the user (CSRF). A client
 * that is no browser sends neither header and is not concerned.
 *
 * To be called before the routes are declared: it also adds the refusal to their descriptions.
 */
export function refuseCrossSite(app: FastifyInstance, allowedHosts: readonly string[]): void {
  app.addHook('onRoute', (route) => {
    if (isSafe(route.method)) return
    route.schema = addProblem(route.schema ?? {}, 'cross-site')
  })
  app.addHook('onRequest', async (request, reply) => {
    if (isSafe(request.method)) return
    const host = hostMeant(request.url, request.headers.host)
    if (!isForeign(request.headers, host, allowedHosts)) return
    const detail =
      'Sec-Fetch-Site or Origin shows that a page of another site sent this request; nothing was ' +
      'changed. Use the page of this appliance. Behind a proxy, forward the Host header, or add the ' +
      'name to api.allowedHosts'
    return sendProblem(reply, problemOf('cross-site', detail))
  })
}

/**
 * Whether a page that is not ours has caused the request.
 *
 * @param host - Whom the request is for, with port.
 * @param allowedHosts - Names of ours, without port. A page that was loaded by one of them from the
 *   scheme's own port is ours, whatever host a proxy in between names.
 */
export function isForeign(
  { origin, 'sec-fetch-site': site }: AskingPage,
  host: string | undefined,
  allowedHosts: readonly string[],
): boolean {
  if ([site].flat().some((value) => value?.trim().toLowerCase() === 'cross-site')) return true
  if (origin === undefined) return false
  const page = placeOf(origin)
  // `null` is the origin of sandboxed frames and of files: any site can have it.
  if (page === undefined) return true
  if (page.host === placeOf(`${page.protocol}//${host}`)?.host) return false
  return page.port !== '' || !allowedHosts.some((name) => name.toLowerCase() === page.hostname)
}

/** Undefined for what is no origin of HTTP alone; a port that the scheme implies is left out. */
function placeOf(origin: string): URL | undefined {
  if (!/^https?:\/\/[^/?#@\s]+$/i.test(origin)) return undefined
  return URL.canParse(origin) ? new URL(origin) : undefined
}
