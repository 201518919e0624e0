import Type from 'typebox'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { problems } from '../schemas/problem.ts'
import type { Services } from '../services.ts'

const tags = ['health']

const Check = Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })

const Ready = Type.Object(
  { status: Type.Literal('ready'), checks: Type.Array(Check) },
  { title: 'Ready' },
)

/** `/healthz` and `/readyz`, for supervisors; without a token. */
export function healthRoutes(app: Api, { health }: Pick<Services, 'health'>): void {
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { public: true },
    schema: {
      operationId: 'getHealth',
      tags,
      security: [],
      summary: 'Whether the process answers',
      response: { 200: Type.Object({ status: Type.Literal('ok') }), ...problems() },
    },
    handler: () => ({ status: 'ok' as const }),
  })
  app.route({
    method: 'GET',
    url: '/readyz',
    config: { public: true },
    schema: {
      operationId: 'getReadiness',
      tags,
      security: [],
      summary: 'Whether sockets are bound, leases loaded, the cache warm',
      response: { 200: Ready, ...problems('unavailable') },
    },
    handler: async (_request, reply) => {
      const checks = health.checks()
      const failed = checks.filter(({ ok }) => !ok)
      if (failed.length === 0) return reply.send({ status: 'ready', checks: [...checks] })
      const problems = failed.map(({ name, detail }) => ({ path: name, message: detail }))
      const detail = `Not ready: ${failed.map(({ name }) => name).join(', ')}; problems says why`
      return sendProblem(reply, problemOf('unavailable', detail, { problems }))
    },
  })
}
