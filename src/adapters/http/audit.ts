import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseMac } from '../../net/mac.ts'
import type { Services } from '../../services/services.ts'
import { changesNothing } from './read-only.ts'

/** Answers to requests that found all as they wanted it. */
const unchanged = new WeakSet<FastifyReply>()

/** Says that a request changed nothing: automation repeats itself, and that is no news. */
export function noteUnchanged(reply: FastifyReply): void {
  unchanged.add(reply)
}

/**
 * Tells of every change before it is answered, so that a client that has the answer finds the event: who,
 * what, and which fields were sent, never their values. What was refused is no change; the log has it.
 *
 * @param isTokenWanted - Whether who came this far has shown the token.
 */
export function auditChanges(
  app: FastifyInstance,
  { audit }: Pick<Services, 'audit'>,
  isTokenWanted: boolean,
): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (isChange(request, reply)) {
      audit({
        action: actionOf(request),
        path: request.url.split('?', 1)[0] ?? '',
        mac: macIn(request),
        fields: fieldsIn(request.body),
        status: reply.statusCode,
        by: isTokenWanted || request.caller?.token != null ? 'token' : 'loopback',
        tokenName: request.caller?.token ?? null,
        address: request.ip,
      })
    }
    return payload
  })
}

function isChange(request: FastifyRequest, reply: FastifyReply): boolean {
  return !changesNothing(request) && reply.statusCode < 400 && !unchanged.has(reply)
}

function actionOf({ method, routeOptions }: FastifyRequest): string {
  const { schema, url } = routeOptions
  const { operationId = `${method} ${url}` } = (schema ?? {}) as { readonly operationId?: string }
  return operationId
}

function macIn({ params }: FastifyRequest) {
  const { mac } = (params ?? {}) as { readonly mac?: string }
  return mac === undefined ? null : (parseMac(mac) ?? null)
}

/** Names of the outermost fields; the schema of the route bounds how many there can be. */
function fieldsIn(body: unknown): readonly string[] {
  const isJson = typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
  // A list of entries has no fields of its own.
  return isJson && !Array.isArray(body) ? Object.keys(body) : []
}
