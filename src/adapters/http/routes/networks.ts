import Type from 'typebox'
import type { HandOverOutcome, Services } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { type ProblemDetail, problemOf, sendProblem } from '../problem.ts'
import { NetworkView, PoolUseHistoryView, viewNetwork, viewUseHistory } from '../schemas/network.ts'
import { problems } from '../schemas/problem.ts'
import { Name } from '../schemas/values.ts'

const tags = ['networks']

/** `/v1/networks`: as configured, and as they stand. */
export function networkRoutes(app: Api, services: Pick<Services, 'networks' | 'appliances'>): void {
  const { networks } = services
  ownerRoute(app, services)
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

/** `/v1/networks/{name}/owner`: who serves a network whose leases are shared. */
function ownerRoute(
  app: Api,
  { networks, appliances }: Pick<Services, 'networks' | 'appliances'>,
): void {
  app.route({
    method: 'PUT',
    url: '/v1/networks/:name/owner',
    schema: {
      operationId: 'handOverNetwork',
      tags,
      summary: 'Hand a network over to another appliance; answers once it has moved',
      params: Type.Object({ name: Name }),
      body: Type.Object({ owner: Name }, { additionalProperties: false }),
      response: {
        200: NetworkView,
        ...problems('invalid-request', 'not-found', 'conflict', 'values-refused'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const { owner } = request.body
      const outcome = await appliances.handOver(name, owner)
      const network = networks.get(name)
      if (outcome.kind === 'not-found' || network === undefined) {
        return sendProblem(reply, missing(`network ${name}`))
      }
      if (outcome.kind === 'moved') return reply.send({ ...viewNetwork(network), owner })
      return sendProblem(reply, notHandedOver(name, owner, outcome))
    },
  })
}

function notHandedOver(
  name: string,
  owner: string,
  outcome: Exclude<HandOverOutcome, { readonly kind: 'moved' | 'not-found' }>,
): ProblemDetail {
  switch (outcome.kind) {
    case 'unknown-appliance': {
      const message = `found ${owner}, wanted the name of an appliance of this site`
      const problems = [{ path: '/owner', message }]
      return problemOf('values-refused', `Network ${name} was not handed over`, { problems })
    }
    case 'refused': {
      const detail = `Network ${name} was not handed over to ${owner}: ${outcome.reason}`
      return problemOf('conflict', detail)
    }
    case 'not-moved': {
      const at =
        outcome.owner === null ? 'no appliance serves it' : `${outcome.owner} serves it still`
      const detail = `Network ${name} has not moved to ${owner} yet: ${at}`
      return problemOf('unavailable', detail, { retryAfter: 5 })
    }
    default:
      return outcome satisfies never
  }
}
