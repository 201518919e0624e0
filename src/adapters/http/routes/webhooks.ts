import Type from 'typebox'
import type { EntryProblem } from '../../../inventory/inventory-outcome.ts'
import type { Services, WebhookService } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { problems } from '../schemas/problem.ts'
import {
  viewWebhook,
  WebhookBody,
  WebhookId,
  WebhookPatch,
  WebhookView,
} from '../schemas/webhook.ts'

const tags = ['webhooks']
/** They are kept by this appliance alone. */
const config = { needs: 'administrator', isLocal: true } as const
const params = Type.Object({ id: WebhookId })

/** `/v1/webhooks`, `/v1/webhooks/{id}`: who is told of events by HTTP. */
export function webhookRoutes(app: Api, { webhooks }: Pick<Services, 'webhooks'>): void {
  app.route({
    method: 'GET',
    url: '/v1/webhooks',
    schema: {
      operationId: 'listWebhooks',
      tags,
      summary: 'All webhooks with the state of their deliveries; secrets are never returned',
      response: { 200: Type.Array(WebhookView), ...problems() },
    },
    handler: () => webhooks.list().map(viewWebhook),
  })
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:id',
    schema: {
      operationId: 'getWebhook',
      tags,
      summary: 'One webhook with the state of its deliveries',
      params,
      response: { 200: WebhookView, ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const webhook = webhooks.get(id)
      if (webhook === undefined) return sendProblem(reply, missing(`webhook ${id}`))
      return reply.send(viewWebhook(webhook))
    },
  })
  createRoute(app, webhooks)
  changeRoute(app, webhooks)
  app.route({
    method: 'DELETE',
    url: '/v1/webhooks/:id',
    config,
    schema: {
      operationId: 'deleteWebhook',
      tags,
      summary: 'Delete a webhook; what waits for it is not delivered any more',
      params,
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { kind } = await webhooks.delete(id)
      if (kind === 'not-found') return sendProblem(reply, missing(`webhook ${id}`))
      return reply.code(204).send(null)
    },
  })
}

function createRoute(app: Api, webhooks: WebhookService): void {
  app.route({
    method: 'POST',
    url: '/v1/webhooks',
    config,
    schema: {
      operationId: 'createWebhook',
      tags,
      summary: 'Create a webhook: each selected event is sent to its URL, signed',
      description:
        'The body is the event as in `GET /v1/events`. `x-switchhook-signature` is the HMAC-SHA-256 of ' +
        'the body by the secret, in lower-case hexadecimal digits; `x-switchhook-event` is the name of ' +
        'the event. An answer of the 200s within 10 s is a delivery; redirects are not followed. Failures ' +
        'are tried again after pauses of 1 s to 5 min. An event may come twice, with the same `id`.',
      body: WebhookBody,
      response: {
        201: WebhookView,
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
      const outcome = await webhooks.create(request.body)
      switch (outcome.kind) {
        case 'created':
          reply.code(201).header('location', `/v1/webhooks/${outcome.webhook.id}`)
          return reply.send(viewWebhook(outcome.webhook))
        case 'refused':
          return sendProblem(reply, refusedValues(outcome.problems))
        case 'full': {
          const detail = 'there are as many webhooks as can be; delete one first'
          return sendProblem(reply, problemOf('conflict', detail))
        }
        default:
          return outcome satisfies never
      }
    },
  })
}

function changeRoute(app: Api, webhooks: WebhookService): void {
  app.route({
    method: 'PATCH',
    url: '/v1/webhooks/:id',
    config,
    schema: {
      operationId: 'changeWebhook',
      tags,
      summary:
        'Change the fields of a webhook that are given, and try a receiver that failed at once',
      description:
        'Events that wait are selected again. An event that was on its way may come twice, with the same `id`.',
      params,
      body: WebhookPatch,
      response: {
        200: WebhookView,
        ...problems(
          'invalid-request',
          'not-found',
          'values-refused',
          'unsupported-media-type',
          'too-large',
        ),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const outcome = await webhooks.change(id, request.body)
      switch (outcome.kind) {
        case 'changed':
          return reply.send(viewWebhook(outcome.webhook))
        case 'refused':
          return sendProblem(reply, refusedValues(outcome.problems))
        case 'not-found':
          return sendProblem(reply, missing(`webhook ${id}`))
        default:
          return outcome satisfies never
      }
    },
  })
}

function refusedValues(found: readonly EntryProblem[]) {
  return problemOf('values-refused', 'the webhook was not stored; see problems', {
    problems: found,
  })
}
