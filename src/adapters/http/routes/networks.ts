import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { sendProblem } from '../problem.ts'
import { NetworkView, PoolUseHistoryView, viewNetwork, viewUseHistory } from '../schemas/network.ts'
import { problems } from '../schemas/problem.ts'
import { Name } from '../schemas/values.ts'

const tags = ['networks']

/** `/v1/networks`: as configured, and as they stand. */
export function networkRoutes(app: Api, { networks }: Pick<Services, 'networks'>): void {
  app.route({
    method: 'GET',
    url: '/v1/networks',
    schema: {
      operationId: 'listNetworks',
      tags,
      summary: 'All networks: configuration, pool use, counters, other DHCP servers seen',
      response: { 200: Type.Array(NetworkView), ...problems() },
    },
    handler: () => networks.list().map(viewNetwork),
  })
  app.route({
    method: 'GET',
    url: '/v1/networks/:name',
    schema: {
      operationId: 'getNetwork',
      tags,
      summary: 'One network',
      params: Type.Object({ name: Name }),
      response: { 200: NetworkView, ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const network = networks.get(request.params.name)
      if (network === undefined) {
        return sendProblem(reply, missing(`network ${request.params.name}`))
      }
      return reply.send(viewNetwork(network))
    },
  })
  app.route({
    method: 'GET',
    url: '/v1/networks/:name/use',
    schema: {
      operationId: 'getNetworkUse',
      tags,
      summary: 'Pool use over time: one value a minute since the start, for at most a day',
      params: Type.Object({ name: Name }),
      response: { 200: PoolUseHistoryView, ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const history = networks.useHistory(request.params.name)
      if (history === undefined) {
        return sendProblem(reply, missing(`network ${request.params.name}`))
      }
      return reply.send(viewUseHistory(history))
    },
  })
}
