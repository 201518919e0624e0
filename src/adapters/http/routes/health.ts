import Type from 'typebox'
import { PHONE_MODELS } from '../../../phones/family/family.ts'
import type { Services } from '../../../services/services.ts'
import { type Api, isoTime } from '../api.ts'
import { PROBLEM_KINDS, PROBLEM_MEDIA_TYPE, problemOf } from '../problem.ts'
import { NotReady, Ready, Status } from '../schemas/health.ts'
import { problems } from '../schemas/problem.ts'
import { countByState, type StatusParts } from '../status-gauges.ts'

const tags = ['health']

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
      summary: 'Liveness: whether the process answers',
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
      summary: 'Readiness: whether phones can be served now; problems says why not',
      description:
        'Checks sockets, interfaces, addresses, networks and the database as they are now, once a ' +
        'second at most, however often it is requested.',
      response: {
        200: Ready,
        ...problems(),
        503: {
          description: PROBLEM_KINDS.unavailable.title,
          content: { [PROBLEM_MEDIA_TYPE]: { schema: NotReady } },
        },
      },
    },
    handler: async (request, reply) => {
      const { checks, problems, warnings, ...rest } = await health.report()
      if (problems.length === 0) {
        const found = { checks: [...checks], problems: [], warnings: [...warnings] }
        return reply.send({ status: 'ready', ...found, ...rest })
      }
      const names = [...new Set(problems.map(({ name }) => name))]
      const detail = `Not ready: ${names.join(', ')}; problems says why`
      return reply
        .code(503)
        .type(PROBLEM_MEDIA_TYPE)
        .send({
          ...problemOf('unavailable', detail),
          instance: `urn:uuid:${request.id}`,
          checks: [...checks],
          problems: problems.map((problem) => ({ path: problem.name, ...problem })),
        })
    },
  })
}

/** `/v1/status`: the same for operators, with what the appliance does in a few numbers. */
export function statusRoutes(app: Api, services: StatusParts): void {
  const { health, status, networks, inventory, conversions } = services
  app.route({
    method: 'GET',
    url: '/v1/status',
    schema: {
      operationId: 'getStatus',
      tags,
      summary: 'Status summary: readiness with its problems, networks, phones, conversions',
      response: { 200: Status, ...problems() },
    },
    handler: async () => {
      const { problems } = await health.report()
      return {
        version: status.version(),
        ready: problems.length === 0,
        problems: [...problems],
        uptimeSeconds: status.uptimeSeconds(),
        models: [...PHONE_MODELS],
        phoneSpeed: status.phoneSpeed(),
        rehearsal: status.rehearsal(),
        networks: networks.list().map(({ name, notServedBecause }) => ({
          name,
          served: notServedBecause === null,
          notServedBecause,
        })),
        attention: status.attention().map(({ atMs, ...one }) => ({ ...one, at: isoTime(atMs) })),
        phones: inventory.phones().length,
        conversions: countByState(conversions.list()),
      }
    },
  })
}
