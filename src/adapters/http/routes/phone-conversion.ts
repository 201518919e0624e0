import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Conversion } from '../../../conversion/conversion.ts'
import type { Mac } from '../../../net/mac.ts'
import type { ConversionService, Services, StartOutcome } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { noteUnchanged } from '../audit.ts'
import { entityTag } from '../entity-tag.ts'
import { answerWhenChanged, WAIT_RESPONSES, WaitHeaders, WaitQuery } from '../long-poll.ts'
import type { OpenAnswers } from '../open-answers.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { ConversionBody, ConversionView, viewConversion } from '../schemas/conversion.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn } from '../schemas/values.ts'
import { planRefusal } from './plans.ts'

const url = '/v1/phones/:mac/conversion'
const params = Type.Object({ mac: MacIn })
const tags = ['conversions']

/** `/v1/phones/{mac}/conversion`: start, watch, cancel. */
export function phoneConversionRoutes(
  app: Api,
  { conversions }: Pick<Services, 'conversions'>,
  openAnswers: OpenAnswers,
): void {
  startRoute(app, conversions)
  watchRoute(app, conversions, openAnswers)
  cancelRoute(app, conversions)
}

function startRoute(app: Api, conversions: ConversionService): void {
  app.route({
    method: 'PUT',
    url,
    schema: {
      operationId: 'startConversion',
      tags,
      summary: 'Start the conversion of a phone; 200 if the same conversion is already running',
      params,
      body: ConversionBody,
      response: {
        200: ConversionView,
        201: ConversionView,
        ...problems(
          'invalid-request',
          'not-found',
          'conflict',
          'from-contradicted',
          'plan-refused',
          'unsupported-media-type',
          'too-large',
        ),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const { to, from = null, path, acceptOneWay = false, acceptFrom = false } = request.body
      const { restart } = request.body
      const asked = { to, from, path, acceptOneWay, acceptFrom, restart }
      const outcome = await conversions.start(mac, asked)
      return answerStart(reply, mac, outcome, conversions)
    },
  })
}

function answerStart(
  reply: FastifyReply,
  mac: Mac,
  outcome: StartOutcome,
  conversions: ConversionService,
): FastifyReply {
  switch (outcome.kind) {
    case 'started':
      reply.code(201).header('location', `/v1/phones/${mac}/conversion`)
      return sendConversion(reply, outcome.conversion, conversions)
    case 'unchanged':
      noteUnchanged(reply)
      return sendConversion(reply, outcome.conversion, conversions)
    case 'conflict': {
      const { to, path, step, steps, state } = outcome.conversion
      const detail =
        `phone ${mac} is already being converted to ${to} by the ${path} path (${state}, ` +
        `step ${Math.min(step + 1, steps.length)} of ${steps.length}); DELETE that conversion first, or wait until it ends`
      return sendProblem(reply, problemOf('conflict', detail))
    }
    case 'plan-refused':
      return sendProblem(reply, planRefusal(outcome))
    case 'from-contradicted':
      return sendProblem(
        reply,
        problemOf('from-contradicted', `phone ${mac}: ${outcome.message}`, {
          reason: 'from-contradicted',
        }),
      )
    case 'not-found': {
      const detail = `phone ${mac} is not enrolled; PUT /v1/phones/${mac} first`
      return sendProblem(reply, problemOf('not-found', detail))
    }
    default:
      return outcome satisfies never
  }
}

function watchRoute(app: Api, conversions: ConversionService, openAnswers: OpenAnswers): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'getConversion',
      tags,
      summary: 'The conversion of a phone and its progress',
      description:
        'With `wait`, answers at the next change. With If-None-Match as well, at once if the ' +
        'conversion is no longer at that ETag, and 304 if the time passes without a change. A conversion ' +
        'that is confirmed or cancelled does not change any more and is answered at once.',
      params,
      headers: WaitHeaders,
      querystring: WaitQuery,
      response: {
        200: ConversionView,
        ...WAIT_RESPONSES,
        ...problems('invalid-request', 'not-found', 'unavailable'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      return answerWhenChanged(
        {
          get: () => conversions.get(mac),
          mayChange,
          subscribe: (listener) => conversions.subscribe(mac, listener),
          send: (conversion) => sendConversion(reply, conversion, conversions),
          missing: () => sendProblem(reply, neverConverted(mac)),
        },
        request,
        reply,
        openAnswers,
      )
    },
  })
}

function mayChange({ state }: Conversion): boolean {
  return state !== 'confirmed' && state !== 'cancelled'
}

function cancelRoute(app: Api, conversions: ConversionService): void {
  app.route({
    method: 'DELETE',
    url,
    schema: {
      operationId: 'cancelConversion',
      tags,
      summary: 'Cancel the conversion; the phone sees the files of its current load again',
      params,
      response: {
        200: ConversionView,
        ...problems('invalid-request', 'not-found', 'conflict'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const outcome = await conversions.cancel(mac)
      if (outcome.kind === 'not-found') return sendProblem(reply, neverConverted(mac))
      if (outcome.kind === 'unchanged') noteUnchanged(reply)
      if (outcome.kind !== 'ended') return sendConversion(reply, outcome.conversion, conversions)
      const detail =
        `phone ${mac} runs ${outcome.conversion.to} already; there is nothing to cancel. ` +
        'To go back, PUT a conversion to the earlier load'
      return sendProblem(reply, problemOf('conflict', detail))
    },
  })
}

function neverConverted(mac: Mac) {
  const detail = `phone ${mac} has no conversion; PUT one with the target load as "to" (switchhook convert ${mac} --to LOAD)`
  return problemOf('not-found', detail)
}

function sendConversion(
  reply: FastifyReply,
  conversion: Conversion,
  {
    rollback,
    warnings,
    restartMode,
  }: Pick<ConversionService, 'rollback' | 'warnings' | 'restartMode'>,
): FastifyReply {
  const { mac } = conversion
  const shown = viewConversion(conversion, {
    rollback: rollback(mac),
    warnings: warnings(mac),
    restart: restartMode(mac),
  })
  return reply.header('etag', entityTag(conversion.revision)).send(shown)
}
