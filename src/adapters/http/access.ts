import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { tokenCheck } from './bearer-token.ts'
import { hostMeant, isAllowedHost } from './host-check.ts'
import { problemOf, sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is answered without a token. */
    public?: boolean
  }
}

/** Who may ask. */
export type AccessRules = {
  /** Null: nobody needs a token; for a listener on loopback only. */
  readonly token: string | null
  /** Names besides loopback and IP literals under which we are reached. */
  readonly allowedHosts: readonly string[]
}

/** Wrong tokens from one address within a minute, before it has to wait. */
const MAX_WRONG_TOKENS = 10

/**
 * Guards every route: the Host header first, then the token. An address that presented too many
 * wrong tokens is not heard for the rest of the minute, a right token included; otherwise the limit
 * would not slow a guesser down. A request without a token is not counted.
 *
 * The rate-limit plugin must be loaded.
 */
export function guardAccess(app: FastifyInstance, rules: AccessRules): void {
  const wrongTokens = app.createRateLimit({ max: MAX_WRONG_TOKENS, timeWindow: 60_000 })
  const check = rules.token === null ? null : tokenCheck(rules.token)

  app.addHook('onRequest', async (request, reply) => {
    const host = hostMeant(request.url, request.headers.host)
    if (!isAllowedHost(host, rules.allowedHosts)) return refuseHost(request, reply)
    if (check === null || isPublic(request)) return
    const verdict = check(request.headers.authorization)
    if (verdict === 'absent') return refuseWithoutToken(reply)
    const limit = await wrongTokens(request, { increment: verdict === 'wrong' })
    const isBlocked =
      !limit.isAllowed && (verdict === 'wrong' ? limit.isExceeded : limit.remaining === 0)
    if (isBlocked) return refuseForNow(request, reply, limit.ttlInSeconds)
    if (verdict === 'wrong') return refuseWrongToken(request, reply)
  })
}

/** Routes say so themselves; a path that does not exist is only hidden where the API is. */
function isPublic(request: FastifyRequest): boolean {
  if (request.is404) return !request.url.startsWith('/v1')
  return request.routeOptions.config.public === true
}

function refuseHost(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.warn({ event: 'http.host.refused', host: request.headers.host?.slice(0, 255) })
  const detail =
    'The Host header names a host that is not answered for, as in DNS rebinding; ' +
    'use the address, or add the name to the allowed hosts of the API'
  return sendProblem(reply, problemOf('misdirected', detail))
}

function refuseWithoutToken(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Bearer realm="switchhook"')
  const detail =
    'No bearer token was sent; send the one from the API token file as Authorization: Bearer TOKEN'
  return sendProblem(reply, problemOf('unauthorized', detail))
}

function refuseWrongToken(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.warn({ event: 'http.token.refused', client: request.ip })
  reply.header('www-authenticate', 'Bearer realm="switchhook", error="invalid_token"')
  const detail = 'The bearer token is not the right one; take it from the API token file'
  return sendProblem(reply, problemOf('unauthorized', detail))
}

function refuseForNow(
  request: FastifyRequest,
  reply: FastifyReply,
  waitSeconds: number,
): FastifyReply {
  request.log.warn({ event: 'http.token.blocked', client: request.ip, seconds: waitSeconds })
  reply.header('retry-after', String(waitSeconds))
  const detail =
    `${MAX_WRONG_TOKENS} wrong tokens came from this address within a minute; ` +
    `wait ${waitSeconds} s, then send the right one`
  return sendProblem(reply, problemOf('too-many-attempts', detail))
}
