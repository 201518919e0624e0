import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TokenService } from '../../services/services.ts'
import { presentedToken, tokenCheck } from './bearer-token.ts'
import { type Caller, refuseByRole } from './caller.ts'
import { hostMeant, isAllowedHost } from './host-check.ts'
import { peerOf } from './peer.ts'
import type { PeerLines } from './peer-lines.ts'
import { problemOf, sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is answered without a token. */
    public?: boolean
  }
}

/** Who may ask. */
export type AccessRules = {
  /** Null: no token is needed; for a listener on loopback only. */
  readonly token: string | null
  /** Names besides loopback and IP literals under which we are reached. */
  readonly allowedHosts: readonly string[]
  /** Named tokens, each with its role. */
  readonly named: Pick<TokenService, 'find'>
}

/** Wrong tokens from one address within a minute, before each further one has to wait. */
const MAX_WRONG_TOKENS = 10

/** How long each further wrong token waits for its answer, in milliseconds. */
const WRONG_TOKEN_DELAY_MS = 1_000

/**
 * Guards every route: the Host header first, then the token, then what its role allows. The right token is heard at once,
 * whatever others send from the same address: behind a proxy all clients share one. An address that
 * presented too many wrong ones has to wait for each further answer, and meanwhile nothing else that
 * came on that connection is looked at: a guesser has one guess a second for each connection, whose
 * number is bounded. A request without a token is not counted.
 *
 * The rate-limit plugin must be loaded.
 */
export function guardAccess(app: FastifyInstance, rules: AccessRules, lines: PeerLines): void {
  const countWrong = app.createRateLimit({
    max: MAX_WRONG_TOKENS,
    timeWindow: 60_000,
    // One host has all addresses of its IPv6 network.
    keyGenerator: (request) => peerOf(request.ip),
  })
  const callerOf = whoHas(rules)
  /** Connections on which a wrong token waits for its answer. */
  const waiting = new WeakSet<object>()

  app.addHook('onRequest', async (request, reply) => {
    const host = hostMeant(request.url, request.headers.host)
    if (!isAllowedHost(host, rules.allowedHosts)) return refuseHost(request, reply, lines)
    if (isPublic(request)) return
    const { socket } = request.raw
    if (waiting.has(socket)) return refuseForNow(reply, WRONG_TOKEN_DELAY_MS / 1000)
    const caller = callerOf(request.headers.authorization)
    if (caller === 'absent') return refuseWithoutToken(reply)
    if (caller !== 'wrong') {
      request.caller = caller
      return refuseByRole(request, reply)
    }
    waiting.add(socket)
    return onWrongToken(request, reply).finally(() => waiting.delete(socket))
  })

  async function onWrongToken(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const counted = await countWrong(request)
    if (counted.isAllowed || !counted.isExceeded) return refuseWrongToken(request, reply, lines)
    const seconds = counted.ttlInSeconds
    lines.write(request, 'warn', { event: 'http.token.blocked', client: request.ip, seconds })
    await pause(WRONG_TOKEN_DELAY_MS)
    return refuseForNow(reply, seconds)
  }
}

const ADMINISTRATOR: Caller = { token: null, role: 'administrator' }

/**
 * Tells who presents an Authorization header. Where the configuration has no token, whoever can
 * connect may do everything, unless they present a named token: that is held to its role.
 */
function whoHas({ token, named }: AccessRules) {
  const check = token === null ? null : tokenCheck(token)
  return (authorization: string | undefined): Caller | 'wrong' | 'absent' => {
    if (check?.(authorization) === 'right') return ADMINISTRATOR
    const presented = presentedToken(authorization)
    const found = presented === undefined ? undefined : named.find(presented)
    if (found !== undefined) return { token: found.name, role: found.role }
    if (check === null) return ADMINISTRATOR
    return presented === undefined ? 'absent' : 'wrong'
  }
}

/** Routes say so themselves; a path that does not exist is only hidden where the API is. */
function isPublic(request: FastifyRequest): boolean {
  if (request.is404) return !request.url.startsWith('/v1')
  return request.routeOptions.config.public === true
}

function refuseHost(request: FastifyRequest, reply: FastifyReply, lines: PeerLines): FastifyReply {
  const host = request.headers.host?.slice(0, 64)
  lines.write(request, 'warn', { event: 'http.host.refused', host, client: request.ip })
  const detail =
    'The Host header names a host that this appliance does not serve, as in DNS rebinding; ' +
    'use the address, or add the name to api.allowedHosts'
  return sendProblem(reply, problemOf('misdirected', detail))
}

function refuseWithoutToken(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Bearer realm="switchhook"')
  const detail =
    'No bearer token was sent; send the one from the API token file as Authorization: Bearer TOKEN'
  return sendProblem(reply, problemOf('unauthorized', detail))
}

function refuseWrongToken(
  request: FastifyRequest,
  reply: FastifyReply,
  lines: PeerLines,
): FastifyReply {
  lines.write(request, 'warn', { event: 'http.token.refused', client: request.ip })
  reply.header('www-authenticate', 'Bearer realm="switchhook", error="invalid_token"')
  const detail = 'The bearer token is wrong; use the one in the API token file'
  return sendProblem(reply, problemOf('unauthorized', detail))
}

function refuseForNow(reply: FastifyReply, waitSeconds: number): FastifyReply {
  reply.header('retry-after', String(waitSeconds))
  const detail =
    `More than ${MAX_WRONG_TOKENS} wrong tokens came from this address within a minute, and this ` +
    `one is wrong too; wait ${waitSeconds} s, then send the right token`
  return sendProblem(reply, problemOf('too-many-attempts', detail))
}
