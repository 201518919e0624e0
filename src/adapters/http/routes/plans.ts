import type { PlanRefused, Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { type ProblemDetail, problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { PlanBody, PlanView } from '../schemas/conversion.ts'
import { problems } from '../schemas/problem.ts'

/** `/v1/plans`: what a conversion would be, nothing touched. */
export function planRoutes(app: Api, { plans }: Pick<Services, 'plans'>): void {
  app.route({
    method: 'POST',
    url: '/v1/plans',
    config: { readOnly: true },
    schema: {
      operationId: 'makePlan',
      tags: ['conversions'],
      summary: 'Plan the steps from one load to another, without changing anything',
      body: PlanBody,
      response: {
        200: PlanView,
        ...problems('invalid-request', 'plan-refused', 'unsupported-media-type', 'too-large'),
      },
    },
    handler: async (request, reply) => {
      const { model = null, from = null, to, path = 'cautious' } = request.body
      const mac = request.body.mac === undefined ? null : readMac(request.body.mac, 'mac')
      const outcome = plans.plan({ model, from, to, path, mac })
      if (outcome.kind === 'plan-refused') return sendProblem(reply, planRefusal(outcome))
      const { steps, oneWay, missingFirmware, warnings } = outcome
      return reply.send({
        steps: [...steps],
        oneWay,
        missingFirmware: [...missingFirmware],
        warnings: [...warnings],
      })
    },
  })
}

/** 422 with the reason why there is no plan. */
export function planRefusal({ reason, message, problems }: PlanRefused): ProblemDetail {
  return problemOf('plan-refused', message, {
    reason,
    ...(problems.length > 0 ? { problems } : {}),
  })
}
