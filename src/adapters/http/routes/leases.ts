import Type from 'typebox'
import { formatIpv4 } from '../../../net/ipv4.ts'
import type { LeaseService, Services } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readIpv4, readMac } from '../read-values.ts'
import { LEASE_STATES, LeaseView, stateOf, viewLease } from '../schemas/lease.ts'
import { problems } from '../schemas/problem.ts'
import { Address, MacIn, Name, OneOf } from '../schemas/values.ts'

const tags = ['leases']

const Query = Type.Object(
  {
    network: Type.Optional(Name),
    mac: Type.Optional(MacIn),
    state: Type.Optional(OneOf(LEASE_STATES)),
    after: Type.Optional(Address),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
  },
  { additionalProperties: false },
)

/** `/v1/leases`: who holds which address. */
export function leaseRoutes(
  app: Api,
  { leases }: Pick<Services, 'leases'>,
  now: () => number,
): void {
  app.route({
    method: 'GET',
    url: '/v1/leases',
    schema: {
      operationId: 'listLeases',
      tags,
      summary: 'Leases in the order of their addresses',
      description:
        'If there are more than `limit`, the Link header names the next page (RFC 8288).',
      querystring: Query,
      response: { 200: Type.Array(LeaseView), ...problems('invalid-request') },
    },
    handler: async (request, reply) => {
      const { network, mac, state, after, limit = 1000 } = request.query
      const filter = {
        ...(network === undefined ? {} : { network }),
        ...(mac === undefined ? {} : { mac: readMac(mac, 'mac') }),
      }
      const behind = after === undefined ? -1 : readIpv4(after, 'after')
      const nowMs = now()
      const rest = (await leases.list(filter))
        .filter(({ address }) => address > behind)
        .filter((one) => state === undefined || stateOf(one, nowMs) === state)
      const page = rest.slice(0, limit)
      const last = page.at(-1)
      if (last !== undefined && rest.length > page.length) {
        const ofState = state === undefined ? {} : { state }
        const next = {
          ...filter,
          ...ofState,
          after: formatIpv4(last.address),
          limit: String(limit),
        }
        reply.header('link', `</v1/leases?${new URLSearchParams(next)}>; rel="next"`)
      }
      return reply.send(page.map((one) => viewLease(one, nowMs, leases.isStored(one))))
    },
  })
  freeRoute(app, leases)
}

function freeRoute(app: Api, leases: LeaseService): void {
  app.route({
    method: 'DELETE',
    url: '/v1/leases/:address',
    config: { isLocal: true },
    schema: {
      operationId: 'freeLease',
      tags,
      summary: 'Delete a lease, or end the quarantine of a declined address',
      params: Type.Object({ address: Address }),
      response: {
        204: Type.Null({ description: 'The address is free again' }),
        ...problems('invalid-request', 'not-found', 'conflict'),
      },
    },
    handler: async (request, reply) => {
      const address = readIpv4(request.params.address, 'address')
      const outcome = await leases.free(address)
      if (outcome.kind === 'freed') return reply.code(204).send(null)
      if (outcome.kind === 'not-owner') {
        const where = outcome.owner === null ? 'its owner, once there is one' : outcome.owner
        const detail = `The network of ${formatIpv4(address)} is not served here: ask ${where}`
        return sendProblem(reply, problemOf('conflict', detail))
      }
      return sendProblem(reply, missing(`a binding of ${formatIpv4(address)}`))
    },
  })
}
