import Type from 'typebox'
import type { Mac } from '../../../net/mac.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { TimelineView, viewTimelineEntry } from '../schemas/event.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn } from '../schemas/values.ts'
import type { Services } from '../services.ts'

const params = Type.Object({ mac: MacIn })
const tags = ['phones']

/** `/v1/phones/{mac}/timeline` and `…/boot-log`: what a phone did, enrolled or not. */
export function phoneTraceRoutes(app: Api, { traces }: Pick<Services, 'traces'>): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/timeline',
    schema: {
      operationId: 'getTimeline',
      tags,
      summary: 'DHCP, TFTP and conversion events of a phone, joined, oldest first',
      params,
      response: { 200: Type.Array(TimelineView), ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const timeline = traces.timeline(mac)
      if (timeline === undefined) return sendProblem(reply, neverSeen(mac))
      return reply.send(timeline.map(viewTimelineEntry))
    },
  })
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/boot-log',
    schema: {
      operationId: 'getBootLog',
      tags,
      summary: 'The TFTP log of a phone in the form of Cisco document 5455',
      params,
      response: {
        200: {
          description: 'One line for each request',
          content: { 'text/plain': { schema: Type.String() } },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const log = traces.bootLog(mac)
      if (log === undefined) return sendProblem(reply, neverSeen(mac))
      return reply.type('text/plain; charset=utf-8').send(log)
    },
  })
}

function neverSeen(mac: Mac) {
  const detail = `phone ${mac} was never enrolled nor seen; check the address, or power-cycle the phone`
  return problemOf('not-found', detail)
}
