import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Services, SurveyOutcome, SurveyService } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readIpv4 } from '../read-values.ts'
import { problems } from '../schemas/problem.ts'
import { SurveyBody, SurveyView, surveyCsv, viewSurvey } from '../schemas/survey.ts'

const tags = ['surveys']

/** `/v1/surveys`: what phones run, before anything is changed. */
export function surveyRoutes(app: Api, { surveys }: Pick<Services, 'surveys'>): void {
  startRoute(app, surveys)
  readRoute(app, surveys)
}

function startRoute(app: Api, surveys: SurveyService): void {
  app.route({
    method: 'POST',
    url: '/v1/surveys',
    config: { isLocal: true },
    schema: {
      operationId: 'startSurvey',
      tags,
      summary: 'Ask phones what they run: their web page first, then one SIP OPTIONS',
      description:
        'One phone a second on each network, one connection at a time; phones in a transfer are ' +
        'passed over. One survey at a time on each network: 409 names the one that is running.',
      body: SurveyBody,
      response: {
        201: SurveyView,
        ...problems(
          'invalid-request',
          'conflict',
          'values-refused',
          'unsupported-media-type',
          'too-large',
        ),
      },
    },
    handler: async (request, reply) => {
      const { network = null, addresses = null } = request.body
      const wanted = {
        network,
        addresses: addresses?.map((text, index) => readIpv4(text, `/addresses/${index}`)) ?? null,
      }
      return answerStart(reply, surveys.start(wanted))
    },
  })
}

function answerStart(reply: FastifyReply, outcome: SurveyOutcome): FastifyReply {
  switch (outcome.kind) {
    case 'started': {
      const { survey } = outcome
      reply.code(201).header('location', `/v1/surveys/${survey.id}`)
      return reply.send(viewSurvey(survey))
    }
    case 'busy': {
      const { network, id } = outcome
      const detail = `survey ${id} is running on network ${network}; wait until it is done`
      return sendProblem(reply, problemOf('conflict', detail))
    }
    case 'refused': {
      const { problems: found } = outcome
      const [first] = found
      const more = found.length > 1 ? ` and ${found.length - 1} more` : ''
      const detail = `the survey was not started: ${first?.message}${more}`
      return sendProblem(reply, problemOf('values-refused', detail, { problems: found }))
    }
    default:
      return outcome satisfies never
  }
}

function readRoute(app: Api, surveys: SurveyService): void {
  app.route({
    method: 'GET',
    url: '/v1/surveys/:id',
    schema: {
      operationId: 'getSurvey',
      tags,
      summary: 'How far a survey is, and what it has found; CSV by Accept: text/csv',
      description: 'The last 20 surveys are kept, until the appliance stops.',
      params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      response: {
        200: {
          description: 'The survey',
          content: {
            'application/json': { schema: SurveyView },
            'text/csv': { schema: Type.String() },
          },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const survey = surveys.get(id)
      if (survey === undefined) return sendProblem(reply, missing(`survey ${id}`))
      reply.header('vary', 'accept')
      if (!wantsCsv(request.headers.accept)) return reply.send(viewSurvey(survey))
      return reply.type('text/csv; charset=utf-8').send(surveyCsv(survey) as never)
    },
  })
}

/** Whether CSV is named ahead of JSON, or alone. */
function wantsCsv(accept = ''): boolean {
  const csv = accept.search(/\btext\/csv\b/i)
  const json = accept.search(/\bapplication\/json\b/i)
  return csv >= 0 && (json < 0 || csv < json)
}
