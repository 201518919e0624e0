import type { FastifyInstance } from 'fastify'
import { problemOf, sendProblem } from './problem.ts'

type Route = { readonly parts: readonly string[]; readonly method: string }

/**
 * Answers paths that no route takes: 405 with `Allow` where another method would do (RFC 9110
 * section 15.5.6), 404 otherwise. To be called before the routes are declared.
 */
export function answerUnknownPaths(app: FastifyInstance): void {
  const routes: Route[] = []
  app.addHook('onRoute', ({ url, method }) => {
    for (const one of [method].flat()) routes.push({ parts: url.split('/'), method: one })
  })
  app.setNotFoundHandler((request, reply) => {
    const parts = (request.url.split('?')[0] ?? '').split('/')
    const methods = routes.filter((route) => fits(route.parts, parts)).map(({ method }) => method)
    if (methods.length === 0) {
      const detail = 'No route has this path; /docs lists all routes'
      return sendProblem(reply, problemOf('not-found', detail))
    }
    const allowed = [...new Set(methods)].sort().join(', ')
    reply.header('allow', allowed)
    const detail = `${request.method} is not supported here; this path supports ${allowed}`
    return sendProblem(reply, problemOf('method-not-allowed', detail))
  })
}

/** A wildcard never fits: what a folder of files lacks is missing, whatever the method. */
function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false
  return pattern.every((part, index) => {
    const found = parts[index] ?? ''
    return part.startsWith(':') ? found !== '' : part === found
  })
}
