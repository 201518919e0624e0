import { isIP } from 'node:net'

/** The names by which a machine always knows itself (RFC 6761 section 6.3). */
const LOOPBACK_NAMES = new Set(['localhost'])

/**
 * Whether a Host header may be answered: against DNS rebinding, by which a hostile page makes a
 * browser talk to us under a name of its own.
 *
 * An IP literal is always answered: no name was resolved to reach it, so none can have been
 * rebound, and behind a published container port it is not an address of ours anyway.
 *
 * @param host - The header's value, with or without port.
 * @param allowedHosts - Further names, without port, in any case.
 */
export function isAllowedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  const name = nameOf(host)
  if (name === undefined) return false
  if (LOOPBACK_NAMES.has(name) || isIP(name) !== 0) return true
  return allowedHosts.some((allowed) => allowed.toLowerCase() === name)
}

/**
 * The host that a request is for: that of its target where it names one, as a proxy is asked, and of
 * the Host header otherwise (RFC 9112 section 3.2.2).
 */
export function hostMeant(target: string, header: string | undefined): string | undefined {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)
  return absolute === null ? header : absolute[1]
}

/** The host without port, brackets and trailing dot, in lower case. */
function nameOf(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/.exec(host ?? '')
  const name = match?.[1] ?? match?.[2]
  return name?.toLowerCase().replace(/\.$/, '')
}
