import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'
import type { PeerLines } from './peer-lines.ts'

/** Asked for by supervisors all the time; not worth a line at `info`. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics'])

/** Characters of a path that are logged: of one that was answered, and of one that was refused. */
const PATH_CHARACTERS = 512
const REFUSED_PATH_CHARACTERS = 128

/**
 * One line and one count for each answer: path without query, no header, no body, because any of
 * these may hold a secret. Reading is `debug`, changing is `info`; what was refused is `info` within
 * the limits of lines that any client can cause.
 */
export function logAnswers(app: FastifyInstance, metrics: Metrics, lines: PeerLines): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/v1')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const status = reply.statusCode
    metrics.countAnswer({ method, route, status, seconds: reply.elapsedTime / 1000 })
    const isRefused = status >= 400
    const path = request.url.split('?', 1)[0] ?? ''
    const line = {
      event: 'http.request.answered',
      method,
      path: path.slice(0, isRefused ? REFUSED_PATH_CHARACTERS : PATH_CHARACTERS),
      status,
      client: request.ip,
      ms: Math.round(reply.elapsedTime),
    }
    const isRead = method === 'GET' || method === 'HEAD'
    if (QUIET.has(route) || (isRead && !isRefused)) request.log.debug(line)
    else if (isRefused) lines.write(request, 'info', line)
    else request.log.info(line)
  })
}
