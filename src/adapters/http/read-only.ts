import type { FastifyRequest, RouteOptions } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is no GET and changes nothing all the same. */
    readOnly?: boolean
  }
}

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether a method, or each of several, changes nothing. */
export function isSafe(method: string | readonly string[]): boolean {
  return [method].flat().every((one) => SAFE.has(one))
}

/** Whether nothing is changed by a route that is being declared. */
export function isReadOnly({ method, config }: Pick<RouteOptions, 'method' | 'config'>): boolean {
  return isSafe(method) || config?.readOnly === true
}

/** Whether a request changes nothing: by its method or its route, or because there is no such route. */
export function changesNothing({ is404, method, routeOptions }: FastifyRequest): boolean {
  return is404 || isReadOnly({ method, config: routeOptions.config })
}
