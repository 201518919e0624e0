import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { RESTART_METHODS } from '../../../call-control/restart/method.ts'
import type { Mac } from '../../../net/mac.ts'
import type { Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, OneOf } from '../schemas/values.ts'

const Method = OneOf([...RESTART_METHODS], 'How the phone is told, or made, to restart')

const RestartBody = Type.Object(
  {
    method: Type.Optional(
      OneOf(
        [...RESTART_METHODS],
        'This one and no other; left out: each that can be used, in this order, until one helps',
      ),
    ),
  },
  { title: 'RestartBody', additionalProperties: false },
)

const RestartView = Type.Object({ method: Method }, { title: 'Restart' })

type Answer = ReturnType<Services['restarts']['order']>

/** `POST /v1/phones/{mac}/restart`. */
export function phoneRestartRoutes(app: Api, { restarts }: Pick<Services, 'restarts'>): void {
  app.route({
    method: 'POST',
    url: '/v1/phones/:mac/restart',
    config: { isLocal: true },
    schema: {
      operationId: 'restartPhone',
      tags: ['phones'],
      summary: 'Restart a phone; the outcome is told by events',
      description:
        'Answers at once with the method that is tried first. `phone.restart.sent`, `.seen` and ' +
        '`.failed` tell what comes of each method, within 130 s; `phone.restart.ended` the end of ' +
        'all, within 6 minutes. 409 `no-restart-method` lists all five methods and why each cannot ' +
        'be used; 409 `in-transfer` says in `retryAfter` (seconds) when to ask again.',
      params: Type.Object({ mac: MacIn }),
      body: RestartBody,
      response: {
        202: RestartView,
        ...problems(
          'invalid-request',
          'not-found',
          'no-restart-method',
          'in-transfer',
          'registration-loop',
          'restart-under-way',
          'unsupported-media-type',
          'too-large',
        ),
      },
    },
    // A request without a body leaves everything to the appliance.
    preValidation: async (request) => {
      request.body ??= {}
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      return answer(reply, mac, restarts.order(mac, request.body.method ?? null))
    },
  })
}

function answer(reply: FastifyReply, mac: Mac, order: Answer): FastifyReply {
  switch (order.kind) {
    case 'begun':
      return reply.code(202).send({ method: order.method })
    case 'no-method': {
      const methods = order.methods.map(({ method, reason }) => ({ method, reason }))
      const detail = `phone ${mac} cannot be restarted like that: ${methods
        .filter(({ reason }) => reason !== null)
        .map(({ method, reason }) => `${method}: ${reason}`)
        .join('; ')}`
      return sendProblem(reply, problemOf('no-restart-method', detail, { methods }))
    }
    case 'in-transfer': {
      const { retryAfterSeconds: retryAfter } = order
      const detail =
        `phone ${mac} fetches a file, or may be writing its flash after an image; ` +
        `ask again in ${retryAfter} s`
      reply.header('retry-after', retryAfter)
      return sendProblem(reply, problemOf('in-transfer', detail, { retryAfter }))
    }
    case 'loop': {
      const detail =
        `phone ${mac} registered more than 3 times within 5 minutes, and a restart would only hide ` +
        'why: look at its display. Naming another method than sccp restarts it all the same'
      return sendProblem(reply, problemOf('registration-loop', detail))
    }
    case 'busy': {
      const detail = `phone ${mac} is being restarted by ${order.method}; wait for phone.restart.ended`
      return sendProblem(reply, problemOf('restart-under-way', detail))
    }
    case 'unknown-phone': {
      const detail = `phone ${mac} is not enrolled; PUT /v1/phones/${mac} first`
      return sendProblem(reply, problemOf('not-found', detail))
    }
    default:
      return order satisfies never
  }
}
