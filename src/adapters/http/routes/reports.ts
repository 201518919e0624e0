import Type from 'typebox'
import { phoneReportText, rolloutReportText } from '../../../services/report/report-text.ts'
import type { Services } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { problems } from '../schemas/problem.ts'
import {
  PhoneReportView,
  RolloutReportView,
  rolloutReportCsv,
  viewPhoneReport,
  viewRolloutReport,
} from '../schemas/report.ts'
import { RolloutId } from '../schemas/rollout.ts'
import { MacIn } from '../schemas/values.ts'

const Text = { 'text/plain': { schema: Type.String() } }

/** `/v1/phones/{mac}/report`, `/v1/rollouts/{id}/report`: what was done, for print. */
export function reportRoutes(app: Api, { reporting }: Pick<Services, 'reporting'>): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/report',
    schema: {
      operationId: 'getPhoneReport',
      tags: ['phones'],
      summary: 'Report of a phone: what it ran, what it runs, firmware hashes, evidence, by whom',
      description:
        'JSON, or plain text for print with Accept: text/plain. It holds no password. Who started ' +
        'the conversion and which files were fetched are known as long as their events are kept.',
      params: Type.Object({ mac: MacIn }),
      response: {
        200: {
          description: 'The report',
          content: { 'application/json': { schema: PhoneReportView }, ...Text },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const report = await reporting.phone(mac)
      if (report === undefined) return sendProblem(reply, missing(`phone ${mac}`))
      reply.header('vary', 'accept')
      if (wanted(PHONE_KINDS, request.headers.accept) === 'application/json') {
        return reply.type('application/json').send(viewPhoneReport(report))
      }
      return reply.type('text/plain; charset=utf-8').send(phoneReportText(report) as never)
    },
  })
  rolloutRoute(app, { reporting })
}

function rolloutRoute(app: Api, { reporting }: Pick<Services, 'reporting'>): void {
  app.route({
    method: 'GET',
    url: '/v1/rollouts/:id/report',
    schema: {
      operationId: 'getRolloutReport',
      tags: ['rollouts'],
      summary: 'Report of a roll-out, phone by phone: from, to, evidence, when, by whom',
      description: 'JSON; plain text for print with Accept: text/plain; the phones with text/csv.',
      params: Type.Object({ id: RolloutId }),
      response: {
        200: {
          description: 'The report',
          content: {
            'application/json': { schema: RolloutReportView },
            ...Text,
            'text/csv': { schema: Type.String() },
          },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const report = await reporting.rollout(id)
      if (report === undefined) return sendProblem(reply, missing(`roll-out ${id}`))
      reply.header('vary', 'accept')
      switch (wanted(ROLLOUT_KINDS, request.headers.accept)) {
        case 'text/csv':
          return reply.type('text/csv; charset=utf-8').send(rolloutReportCsv(report) as never)
        case 'text/plain':
          return reply.type('text/plain; charset=utf-8').send(rolloutReportText(report) as never)
        default:
          return reply.type('application/json').send(viewRolloutReport(report))
      }
    },
  })
}

const PHONE_KINDS = ['application/json', 'text/plain'] as const
const ROLLOUT_KINDS = [...PHONE_KINDS, 'text/csv'] as const

/** The kind that is named first; the first of them, JSON, where none is. */
function wanted<Kind extends string>(kinds: readonly [Kind, ...Kind[]], accept = ''): Kind {
  const named = kinds.map((kind) => ({ kind, at: accept.toLowerCase().indexOf(kind) }))
  const [first] = named.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)
  return first?.kind ?? kinds[0]
}
