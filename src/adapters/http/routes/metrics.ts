import Type from 'typebox'
import type { Api } from '../api.ts'
import type { Metrics } from '../metrics.ts'
import { problems } from '../schemas/problem.ts'
import { type StatusParts, statusFamilies } from '../status-gauges.ts'

/** `/metrics`: the numbers of the appliance, of this API and of the process, for Prometheus. */
export function metricRoutes(app: Api, metrics: Metrics, services: StatusParts): void {
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      operationId: 'getMetrics',
      tags: ['health'],
      summary: 'Prometheus text format',
      response: {
        200: {
          description: 'Prometheus text format 0.0.4',
          content: { 'text/plain': { schema: Type.String() } },
        },
        ...problems(),
      },
    },
    handler: async (_request, reply) => {
      return reply
        .type(metrics.contentType)
        .send(await metrics.render(await statusFamilies(services)))
    },
  })
}
