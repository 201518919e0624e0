import type { FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import { isEnded, type Rollout, type RolloutRequest } from '../../../conversion/rollout.ts'
import type { RolloutOutcome } from '../../../conversion/rollout-engine.ts'
import type { RolloutService, Services } from '../../../services/services.ts'
import { countOf, missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { noteUnchanged } from '../audit.ts'
import { entityTag } from '../entity-tag.ts'
import { answerWhenChanged, WAIT_RESPONSES, WaitHeaders, WaitQuery } from '../long-poll.ts'
import type { OpenAnswers } from '../open-answers.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { problems } from '../schemas/problem.ts'
import {
  RolloutBody,
  RolloutId,
  RolloutPatchBody,
  RolloutSummaryView,
  RolloutView,
  summarizeRollout,
  viewRollout,
} from '../schemas/rollout.ts'
import { OneOf } from '../schemas/values.ts'

const url = '/v1/rollouts/:id'
const params = Type.Object({ id: RolloutId })
const tags = ['rollouts']

/** `/v1/rollouts`: many phones to one load; start, watch, pause, resume, stop. */
export function rolloutRoutes(
  app: Api,
  { rollouts }: Pick<Services, 'rollouts'>,
  openAnswers: OpenAnswers,
): void {
  listRoute(app, rollouts)
  watchRoute(app, rollouts, openAnswers)
  startRoute(app, rollouts)
  changeRoute(app, rollouts)
  deleteRoute(app, rollouts)
}

const ListQuery = Type.Object(
  { state: Type.Optional(OneOf(['running', 'paused', 'stopped', 'finished'])) },
  { additionalProperties: false },
)

function listRoute(app: Api, rollouts: RolloutService): void {
  app.route({
    method: 'GET',
    url: '/v1/rollouts',
    schema: {
      operationId: 'listRollouts',
      tags,
      summary: 'All roll-outs, without their phones, in the order in which they started',
      querystring: ListQuery,
      response: { 200: Type.Array(RolloutSummaryView), ...problems('invalid-request') },
    },
    handler: (request) => {
      const { state } = request.query
      const wanted = rollouts.list().filter((one) => state === undefined || one.state === state)
      return wanted.map(summarizeRollout)
    },
  })
}

function watchRoute(app: Api, rollouts: RolloutService, openAnswers: OpenAnswers): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'getRollout',
      tags,
      summary: 'A roll-out and its progress, phone by phone',
      description:
        'With `wait`, answers at the next change. With If-None-Match as well, at once if the ' +
        'roll-out is no longer at that ETag, and 304 if the time passes without a change. A roll-out ' +
        'that has ended, with no phone in progress, is answered at once.',
      params,
      headers: WaitHeaders,
      querystring: WaitQuery,
      response: {
        200: RolloutView,
        ...WAIT_RESPONSES,
        ...problems('invalid-request', 'not-found', 'unavailable'),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      return answerWhenChanged(
        {
          get: () => rollouts.get(id),
          mayChange,
          subscribe: (listener) => rollouts.subscribe(id, listener),
          send: (rollout) => sendRollout(reply, rollout),
          missing: () => sendProblem(reply, missing(`roll-out ${id}`)),
        },
        request,
        reply,
        openAnswers,
      )
    },
  })
}

function mayChange(rollout: Rollout): boolean {
  const isMoving = rollout.phones.some(({ state }) => state === 'waiting' || state === 'running')
  return !isEnded(rollout) || isMoving
}

function startRoute(app: Api, rollouts: RolloutService): void {
  app.route({
    method: 'PUT',
    url,
    schema: {
      operationId: 'startRollout',
      tags,
      summary:
        'Start a roll-out; 200 if the same one exists already, 409 if it exists with other settings',
      description:
        'Everything is checked before any phone starts: `problems` lists each phone that is not ' +
        'enrolled, is part of another roll-out, is being converted to another load, or has no upgrade path.',
      params,
      body: RolloutBody,
      response: {
        200: RolloutView,
        201: RolloutView,
        ...problems(
          'invalid-request',
          'conflict',
          'rollout-refused',
          'unsupported-media-type',
          'too-large',
        ),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      return answerStart(reply, id, await rollouts.start(id, requestOf(request.body)))
    },
  })
}

function requestOf(body: Static<typeof RolloutBody>): RolloutRequest {
  const { appearWithin = null } = body
  return {
    phones: body.phones.map((text, index) => readMac(text, `/phones/${index}`)),
    to: body.to,
    from: body.from ?? null,
    path: body.path ?? 'cautious',
    acceptOneWay: body.acceptOneWay ?? false,
    canaries: body.canaries ?? 1,
    waveSize: body.waveSize ?? 10,
    stopAfter: body.stopAfter ?? 1,
    onStop: body.onStop ?? 'finish',
    appearWithinMs: appearWithin === null ? null : Math.max(1, Math.round(appearWithin * 1000)),
    onAbsent: body.onAbsent ?? 'fail',
  }
}

function answerStart(reply: FastifyReply, id: string, outcome: RolloutOutcome): FastifyReply {
  switch (outcome.kind) {
    case 'started':
      reply.code(201).header('location', `/v1/rollouts/${id}`)
      return sendRollout(reply, outcome.rollout)
    case 'unchanged':
      noteUnchanged(reply)
      return sendRollout(reply, outcome.rollout)
    case 'conflict': {
      const { to, state } = outcome.rollout
      const detail =
        `roll-out ${id} exists already, to ${to} (${state}), with other settings; choose ` +
        'another id, or DELETE that one after it has ended'
      return sendProblem(reply, problemOf('conflict', detail))
    }
    case 'refused': {
      const detail = `roll-out ${id} was not started and no phone was changed: ${countOf(outcome.problems)}`
      return sendProblem(
        reply,
        problemOf('rollout-refused', detail, { problems: outcome.problems }),
      )
    }
    default:
      return outcome satisfies never
  }
}

function changeRoute(app: Api, rollouts: RolloutService): void {
  app.route({
    method: 'PATCH',
    url,
    schema: {
      operationId: 'steerRollout',
      tags,
      summary: 'Pause, resume or stop a roll-out; repeating the request changes nothing',
      description:
        'While it is paused, no further phone starts and those in progress continue. Stopping is final: phones ' +
        'that have not started are skipped, those in progress finish or are cancelled as `onStop` ' +
        'says.',
      consumes: ['application/json', 'application/merge-patch+json'],
      params,
      body: RolloutPatchBody,
      response: {
        200: RolloutView,
        ...problems(
          'invalid-request',
          'not-found',
          'conflict',
          'unsupported-media-type',
          'too-large',
        ),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { state, onStop = null } = request.body
      const outcome = await rollouts.change(id, { state, onStop })
      if (outcome.kind === 'not-found') return sendProblem(reply, missing(`roll-out ${id}`))
      if (outcome.kind === 'unchanged') noteUnchanged(reply)
      if (outcome.kind !== 'over') return sendRollout(reply, outcome.rollout)
      const detail =
        `roll-out ${id} is ${outcome.rollout.state} and cannot be ${state}; PUT another roll-out with ` +
        'the remaining phones'
      return sendProblem(reply, problemOf('conflict', detail))
    },
  })
}

function deleteRoute(app: Api, rollouts: RolloutService): void {
  app.route({
    method: 'DELETE',
    url,
    schema: {
      operationId: 'deleteRollout',
      tags,
      summary: 'Delete a finished roll-out; its conversions continue',
      params,
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found', 'conflict'),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { kind } = await rollouts.delete(id)
      if (kind === 'deleted') return reply.code(204).send(null)
      if (kind === 'not-found') return sendProblem(reply, missing(`roll-out ${id}`))
      const detail = `roll-out ${id} is still running; stop it first, with PATCH {"state": "stopped"}`
      return sendProblem(reply, problemOf('conflict', detail))
    },
  })
}

function sendRollout(reply: FastifyReply, rollout: Rollout): FastifyReply {
  return reply.header('etag', entityTag(rollout.revision)).send(viewRollout(rollout))
}
