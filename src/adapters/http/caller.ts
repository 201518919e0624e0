import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TokenRole } from '../../services/services.ts'
import { problemOf, sendProblem } from './problem.ts'
import { changesNothing, isReadOnly } from './read-only.ts'
import { addProblem } from './schemas/problem.ts'

/** Who sent a request. */
export type Caller = {
  /** The name of its token; null for that of the configuration, and where none was shown. */
  readonly token: string | null
  /** What it may do. The token of the configuration permits everything. */
  readonly role: TokenRole | 'administrator'
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the request has shown what it must, and on routes that ask for nothing. */
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** What a change by this route takes; `operator` if not said otherwise. */
    needs?: 'administrator'
  }
}

/**
 * Holds named tokens to their roles: `read` changes nothing, `operator` everything but tokens and
 * webhooks, which stay with the token of the configuration.
 *
 * To be called before the routes are declared: it also adds the refusal to their descriptions.
 */
export function limitByRole(app: FastifyInstance): void {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', (route) => {
    if (isReadOnly(route)) return
    route.schema = addProblem(route.schema ?? {}, 'forbidden')
  })
}

/** Answers 403 where the caller's role does not allow the request; undefined where it does. */
export function refuseByRole(
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const { caller } = request
  const needed = neededFor(request)
  if (caller === null || needed === null || caller.role === 'administrator') return undefined
  if (needed === 'operator' && caller.role === 'operator') return undefined
  const detail =
    needed === 'administrator'
      ? `Token ${caller.token} has the role ${caller.role}; tokens and webhooks are changed with the ` +
        'token of the configuration only (api.tokenFile or SWITCHHOOK_API_TOKEN)'
      : `Token ${caller.token} has the role read, which changes nothing; use a token with the role operator`
  return sendProblem(reply, problemOf('forbidden', detail))
}

/** Null for what changes nothing, and for what does not exist: that is said as such. */
function neededFor(request: FastifyRequest) {
  if (changesNothing(request)) return null
  return request.routeOptions.config.needs ?? ('operator' as const)
}
