import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'

/** Asked for by supervisors all the time; not worth a line at `info`. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics'])

/**
 * One line and one count for each answer: path without query, no header, no body, because any of
 * these may hold a secret. Reading is `debug`, changing is `info`.
 */
export function logAnswers(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/v1')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const status = reply.statusCode
    metrics.countAnswer({ method, route, status, seconds: reply.elapsedTime / 1000 })
    const isRead = method === 'GET' || method === 'HEAD'
    const level = QUIET.has(route) || (isRead && status < 400) ? 'debug' : 'info'
    request.log[level]({
      event: 'http.request.answered',
      method,
      path: request.url.split('?', 1)[0]?.slice(0, 512),
      status,
      client: request.ip,
      ms: Math.round(reply.elapsedTime),
    })
  })
}
