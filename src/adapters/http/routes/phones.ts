import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { NotFound, PutOutcome } from '../../../inventory/inventory-outcome.ts'
import type { Phone } from '../../../inventory/phone.ts'
import type { Mac } from '../../../net/mac.ts'
import type { InventoryService, Services } from '../../../services/services.ts'
import { answerDelete, answerPut, changedMeanwhile, missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { alreadyHas, demandOn, entityTag } from '../entity-tag.ts'
import { draftFromBody, patchFromBody } from '../phone-draft.ts'
import { type ProblemDetail, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { PhoneBody, PhonePatchBody, PhoneView, viewPhone } from '../schemas/phone.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, Preconditions } from '../schemas/values.ts'

const params = Type.Object({ mac: MacIn })
const tags = ['phones']

/** A phone as it comes out, with its registration and what was seen of it. */
type ViewPhone = (phone: Phone) => ReturnType<typeof viewPhone>

/** `/v1/phones/{mac}`: phones as the operator named them. */
export function phoneRoutes(
  app: Api,
  services: Pick<Services, 'inventory' | 'registrations' | 'seen'>,
): void {
  const { inventory, registrations, seen } = services
  const view: ViewPhone = ({ mac, ...phone }) =>
    viewPhone({ mac, ...phone }, registrations.get(mac), seen.get(mac))
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'getPhone',
      tags,
      summary: 'One phone; passwords are never returned',
      params,
      response: {
        200: PhoneView,
        304: Type.Null({ description: 'Not modified: the ETag still matches' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const phone = inventory.phone(mac)
      if (phone === undefined) return sendProblem(reply, missing(`phone ${mac}`))
      // An entity tag is that of what the operator said; what was seen comes and goes without it.
      const isSaidAlone = !registrations.isKept && seen.get(mac) === undefined
      if (isSaidAlone && alreadyHas(request.headers, entityTag(phone.revision))) {
        return reply.header('etag', entityTag(phone.revision)).code(304).send(null)
      }
      return sendPhone(reply, phone, view)
    },
  })
  putPhoneRoute(app, inventory, view)
  patchPhoneRoute(app, inventory, view)
  deletePhoneRoute(app, inventory)
}

function putPhoneRoute(app: Api, inventory: InventoryService, view: ViewPhone): void {
  app.route({
    method: 'PUT',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'putPhone',
      tags,
      summary: 'Enrol a phone, or replace its whole entry',
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
      const current = inventory.phone(mac)
      const demand = demandOn(request.headers, current)
      if (demand.kind === 'unmet') return sendProblem(reply, changedPhone(mac, current))
      const built = draftFromBody(mac, request.body, current)
      if (built.kind === 'refused') return answerChange(reply, mac, built, view)
      // Secrets were copied from what stands there now; it must not change in between.
      const expected = built.keepsSecrets ? (current?.revision ?? 0) : demand.revision
      const outcome = await inventory.putPhone(built.draft, expected)
      return answerChange(reply, mac, outcome, view)
    },
  })
}

function patchPhoneRoute(app: Api, inventory: InventoryService, view: ViewPhone): void {
  app.route({
    method: 'PATCH',
    url: '/v1/phones/:mac',
    schema: {
      operationId: 'patchPhone',
      tags,
      summary: 'Change parts of a phone',
      description:
        'A JSON merge patch (RFC 7396): null removes a value, lines are replaced as a whole.',
      consumes: ['application/json', 'application/merge-patch+json'],
      params,
      headers: Preconditions,
      body: PhonePatchBody,
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
      const current = inventory.phone(mac)
      const demand = demandOn(request.headers, current)
      if (demand.kind === 'unmet') return sendProblem(reply, changedPhone(mac, current))
      const built = patchFromBody(mac, request.body)
      if (built.kind === 'refused') return answerChange(reply, mac, built, view)
      const outcome = await inventory.patchPhone(mac, built.patch, demand.revision)
      return answerChange(reply, mac, outcome, view)
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
      summary: 'Delete a phone',
      params,
      headers: Preconditions,
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found', 'in-use', 'precondition-failed'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const current = inventory.phone(mac)
      const demand = demandOn(request.headers, current)
      if (demand.kind === 'unmet') return sendProblem(reply, changedPhone(mac, current))
      const outcome = await inventory.deletePhone(mac, demand.revision)
      return answerDelete(reply, `phone ${mac}`, outcome)
    },
  })
}

function changedPhone(mac: Mac, current: Phone | undefined): ProblemDetail {
  return changedMeanwhile(`phone ${mac}`, current?.revision ?? 0)
}

function answerChange(
  reply: FastifyReply,
  mac: Mac,
  outcome: PutOutcome<Phone> | NotFound,
  view: ViewPhone,
): FastifyReply {
  if (outcome.kind === 'not-found') return sendProblem(reply, missing(`phone ${mac}`))
  if (outcome.kind === 'created') reply.header('location', `/v1/phones/${mac}`)
  return answerPut(reply, `phone ${mac}`, outcome, (phone) => sendPhone(reply, phone, view))
}

function sendPhone(reply: FastifyReply, phone: Phone, view: ViewPhone): FastifyReply {
  return reply.header('etag', entityTag(phone.revision)).send(view(phone))
}
