import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Profile } from '../../../inventory/phone.ts'
import type { InventoryService, Services } from '../../../services/services.ts'
import { answerDelete, answerPut, changedMeanwhile, missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { alreadyHas, demandOn, entityTag } from '../entity-tag.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { draftOfProfile } from '../profile-draft.ts'
import { problems } from '../schemas/problem.ts'
import { ProfileBody, ProfileView, viewProfile } from '../schemas/profile.ts'
import { Name, Preconditions } from '../schemas/values.ts'

const params = Type.Object({ name: Name })
const tags = ['profiles']

/** `/v1/profiles`, `/v1/profiles/{name}`: settings that phones share. */
export function profileRoutes(app: Api, { inventory }: Pick<Services, 'inventory'>): void {
  app.route({
    method: 'GET',
    url: '/v1/profiles',
    schema: {
      operationId: 'listProfiles',
      tags,
      summary: 'All profiles',
      response: { 200: Type.Array(ProfileView), ...problems() },
    },
    handler: () => inventory.profiles().map(viewProfile),
  })
  app.route({
    method: 'GET',
    url: '/v1/profiles/:name',
    schema: {
      operationId: 'getProfile',
      tags,
      summary: 'One profile; passwords are never returned',
      params,
      response: {
        200: ProfileView,
        304: Type.Null({ description: 'Not modified: the ETag still matches' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const profile = inventory.profile(name)
      if (profile === undefined) return sendProblem(reply, missing(`profile ${name}`))
      if (alreadyHas(request.headers, entityTag(profile.revision))) {
        return reply.header('etag', entityTag(profile.revision)).code(304).send(null)
      }
      return sendProfile(reply, profile)
    },
  })
  putProfileRoute(app, inventory)
  deleteProfileRoute(app, inventory)
}

function putProfileRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'PUT',
    url: '/v1/profiles/:name',
    schema: {
      operationId: 'putProfile',
      tags,
      summary: 'Create or replace a profile',
      params,
      headers: Preconditions,
      body: ProfileBody,
      response: {
        200: ProfileView,
        201: ProfileView,
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
      const { name } = request.params
      const current = inventory.profile(name)
      const demand = demandOn(request.headers, current)
      if (demand.kind === 'unmet') {
        return sendProblem(reply, changedMeanwhile(`profile ${name}`, current?.revision ?? 0))
      }
      const built = draftOfProfile(name, request.body, current)
      if (built.kind === 'refused') {
        const detail = `profile ${name} was not stored`
        return sendProblem(reply, problemOf('values-refused', detail, { problems: built.problems }))
      }
      // Secrets were copied from what stands there now; it must not change in between.
      const expected = built.keepsSecrets ? (current?.revision ?? 0) : demand.revision
      const outcome = await inventory.putProfile(built.draft, expected)
      if (outcome.kind === 'created') {
        reply.header('location', `/v1/profiles/${encodeURIComponent(name)}`)
      }
      return answerPut(reply, `profile ${name}`, outcome, (profile) => sendProfile(reply, profile))
    },
  })
}

function deleteProfileRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'DELETE',
    url: '/v1/profiles/:name',
    schema: {
      operationId: 'deleteProfile',
      tags,
      summary: 'Delete a profile that no phone uses',
      params,
      headers: Preconditions,
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found', 'in-use', 'precondition-failed'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const current = inventory.profile(name)
      const demand = demandOn(request.headers, current)
      if (demand.kind === 'unmet') {
        return sendProblem(reply, changedMeanwhile(`profile ${name}`, current?.revision ?? 0))
      }
      return answerDelete(
        reply,
        `profile ${name}`,
        await inventory.deleteProfile(name, demand.revision),
      )
    },
  })
}

function sendProfile(reply: FastifyReply, profile: Profile): FastifyReply {
  return reply.header('etag', entityTag(profile.revision)).send(viewProfile(profile))
}
