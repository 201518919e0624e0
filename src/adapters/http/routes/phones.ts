import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Phone } from '../../../inventory/phone.ts'
import type { Mac } from '../../../net/mac.ts'
import { answerDelete, answerPut, changedMeanwhile, missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import {
  alreadyHas,
  entityTag,
  meetsPrecondition,
  type Precondition,
  readPrecondition,
} from '../entity-tag.ts'
import type { DeleteOutcome, PutOutcome } from '../outcome.ts'
import { type DraftResult, draftFromBody, draftFromPatch } from '../phone-draft.ts'
import { sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { PhoneBody, PhonePatch, PhoneView, viewPhone } from '../schemas/phone.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, Preconditions } from '../schemas/values.ts'
import type { InventoryService, Services } from '../services.ts'

const params = Type.Object({ mac: MacIn })
const tags = ['phones']

/**
 * A change based on what was read is tried this often when somebody else changes the phone in
 * between; a caller that sent a precondition is told at once instead.
 */
const MAX_TRIES = 3

/** `/v1/phones`, `/v1/phones/{mac}`: phones as the operator named them. */
export function phoneRoutes(app: Api, { inventory }: Pick<Services, 'inventory'>): void {
  app.route({
    method: 'GET',
    url: '/v1/phones',
    schema: {
      operationId: 'listPhones',
      tags,
      summary: 'All enrolled phones',
      response: { 200: Type.Array(PhoneView), ...problems() },
    },
    handler: () => inventory.phones().map(viewPhone),
  })
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'getPhone',
      tags,
      summary: 'One phone; passwords never come out',
      params,
      response: {
        200: PhoneView,
        304: Type.Null({ description: 'It is still at that ETag' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const phone = inventory.phone(mac)
      if (phone === undefined) return sendProblem(reply, missing(`phone ${mac}`))
      if (alreadyHas(request.headers, entityTag(phone.revision))) {
        return reply.header('etag', entityTag(phone.revision)).code(304).send(null)
      }
      return sendPhone(reply, phone)
    },
  })
  putPhoneRoute(app, inventory)
  patchPhoneRoute(app, inventory)
  deletePhoneRoute(app, inventory)
}

function putPhoneRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'PUT',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'putPhone',
      tags,
      summary: 'Enrol a phone, or replace all that is said of it',
      params,
      headers: Preconditions,
      body: PhoneBody,
      response: {
        200: PhoneView,
        201: PhoneView,
        ...problems(
          'invalid-request',
          'precondition-failed',
          'too-large',
          'unsupported-media-type',
          'values-refused',
        ),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const outcome = await change(inventory, mac, readPrecondition(request.headers), (current) =>
        draftFromBody(mac, request.body, current),
      )
      return answerChange(reply, mac, outcome)
    },
  })
}

function patchPhoneRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'PATCH',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'patchPhone',
      tags,
      summary: 'Change parts of a phone',
      description: 'A JSON merge patch (RFC 7396): null takes away, lines are replaced as a whole.',
      consumes: ['application/json', 'application/merge-patch+json'],
      params,
      headers: Preconditions,
      body: PhonePatch,
      response: {
        200: PhoneView,
        ...problems(
          'invalid-request',
          'not-found',
          'precondition-failed',
          'too-large',
          'unsupported-media-type',
          'values-refused',
        ),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const outcome = await change(inventory, mac, readPrecondition(request.headers), (current) =>
        current === undefined ? { kind: 'not-found' } : draftFromPatch(current, request.body),
      )
      return answerChange(reply, mac, outcome)
    },
  })
}

function deletePhoneRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'DELETE',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'deletePhone',
      tags,
      summary: 'Forget a phone',
      params,
      headers: Preconditions,
      response: {
        204: Type.Null({ description: 'It is gone' }),
        ...problems('invalid-request', 'not-found', 'in-use', 'precondition-failed'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const current = inventory.phone(mac)
      const precondition = readPrecondition(request.headers)
      if (!meetsPrecondition(precondition, current?.revision)) {
        return sendProblem(reply, changedMeanwhile(`phone ${mac}`, current?.revision ?? 0))
      }
      const expected = precondition.kind === 'none' ? undefined : current?.revision
      const outcome: DeleteOutcome = await inventory.deletePhone(mac, expected)
      return answerDelete(reply, `phone ${mac}`, outcome)
    },
  })
}

type Change = PutOutcome<Phone> | { readonly kind: 'not-found' }

/** Reads, builds, stores; stores only if nobody else changed the phone after it was read. */
async function change(
  inventory: InventoryService,
  mac: Mac,
  precondition: Precondition,
  build: (current: Phone | undefined) => DraftResult | { readonly kind: 'not-found' },
): Promise<Change> {
  for (let tries = 1; ; tries++) {
    const current = inventory.phone(mac)
    if (!meetsPrecondition(precondition, current?.revision)) {
      return { kind: 'conflict', revision: current?.revision ?? 0 }
    }
    const built = build(current)
    if (built.kind !== 'draft') return built
    const outcome = await inventory.putPhone(built.draft, current?.revision ?? 0)
    const isFinal = outcome.kind !== 'conflict' || precondition.kind !== 'none'
    if (isFinal || tries >= MAX_TRIES) return outcome
  }
}

function answerChange(reply: FastifyReply, mac: Mac, outcome: Change): FastifyReply {
  if (outcome.kind === 'not-found') return sendProblem(reply, missing(`phone ${mac}`))
  if (outcome.kind === 'created') reply.header('location', `/v1/phones/${mac}`)
  return answerPut(reply, `phone ${mac}`, outcome, (phone) => sendPhone(reply, phone))
}

function sendPhone(reply: FastifyReply, phone: Phone): FastifyReply {
  return reply.header('etag', entityTag(phone.revision)).send(viewPhone(phone))
}
