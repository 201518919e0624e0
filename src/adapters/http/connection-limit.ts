import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** More than long polls, pages and scripts use, and half of the descriptors a process usually has. */
export const MAX_CONNECTIONS = 512
/** One line about refused connections in so many milliseconds. */
const QUIET_MS = 10_000

/**
 * Bounds the connections at once, so that the API never takes the descriptors that DHCP and TFTP
 * need. One more is closed at once; the log says so, once in ten seconds.
 */
export function limitConnections(app: FastifyInstance, nowMs: () => number): void {
  const server: Server = app.server
  server.maxConnections = MAX_CONNECTIONS
  let refused = 0
  let quietUntilMs = Number.NEGATIVE_INFINITY
  server.on('drop', () => {
    refused++
    if (nowMs() < quietUntilMs) return
    app.log.warn({ event: 'http.connections.full', most: MAX_CONNECTIONS, refused })
    quietUntilMs = nowMs() + QUIET_MS
    refused = 0
  })
}
