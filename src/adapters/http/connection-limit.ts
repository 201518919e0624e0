import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { TokenBucket } from '../../net/token-bucket.ts'
import { peerOf } from './peer.ts'
import type { PeerLines } from './peer-lines.ts'

/** More than long polls, pages and scripts use, and half of the descriptors a process usually has. */
export const MAX_CONNECTIONS = 512
/** Of these, what one client may have: a proxy that carries many, and still no more than a quarter. */
export const MAX_CONNECTIONS_OF_ONE = 128
/** One line about refused connections in ten seconds. */
const ONE_LINE = { burst: 1, perSecond: 0.1 }

/**
 * Bounds the connections at once, so that the API never takes the descriptors that DHCP and TFTP
 * need, and those of each client, so that one cannot keep the others out. One more is closed at
 * once, and the log says so.
 */
export function limitConnections(
  app: FastifyInstance,
  lines: PeerLines,
  nowMs: () => number,
): void {
  const server: Server = app.server
  server.maxConnections = MAX_CONNECTIONS
  limitEach(server, lines)
  let refused = 0
  const limit = new TokenBucket(ONE_LINE)
  server.on('drop', () => {
    refused++
    if (!limit.take(nowMs())) return
    app.log.warn({ event: 'http.connections.full', most: MAX_CONNECTIONS, refused })
    refused = 0
  })
}

function limitEach(server: Server, lines: PeerLines): void {
  const counts = new Map<string, number>()
  server.prependListener('connection', (socket: Socket) => {
    const peer = peerOf(socket.remoteAddress)
    const count = (counts.get(peer) ?? 0) + 1
    if (count > MAX_CONNECTIONS_OF_ONE) {
      const most = MAX_CONNECTIONS_OF_ONE
      lines.writeOf(socket.remoteAddress, { event: 'http.connections.of.one', client: peer, most })
      socket.destroy()
      return
    }
    counts.set(peer, count)
    socket.once('close', () => {
      const left = (counts.get(peer) ?? 1) - 1
      if (left > 0) counts.set(peer, left)
      else counts.delete(peer)
    })
  })
}
