import Type from 'typebox'
import type { Services, TokenService } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { problems } from '../schemas/problem.ts'
import { NewToken, TokenBody, TokenName, TokenView, viewToken } from '../schemas/token.ts'

const tags = ['access']
/** They are kept by this appliance alone. */
const config = { needs: 'administrator', isLocal: true } as const

/** `/v1/tokens`, `/v1/tokens/{name}`: named tokens of the API, beside that of the configuration. */
export function tokenRoutes(app: Api, { tokens }: Pick<Services, 'tokens'>): void {
  app.route({
    method: 'GET',
    url: '/v1/tokens',
    schema: {
      operationId: 'listTokens',
      tags,
      summary: 'All named tokens with their roles; the tokens themselves are never returned',
      response: { 200: Type.Array(TokenView), ...problems() },
    },
    handler: () => tokens.list().map(viewToken),
  })
  createRoute(app, tokens)
  app.route({
    method: 'DELETE',
    url: '/v1/tokens/:name',
    config,
    schema: {
      operationId: 'deleteToken',
      tags,
      summary: 'Delete a named token; it is refused from now on, and what it follows ends',
      params: Type.Object({ name: TokenName }),
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const { kind } = await tokens.delete(name)
      if (kind === 'not-found') return sendProblem(reply, missing(`token ${name}`))
      return reply.code(204).send(null)
    },
  })
}

function createRoute(app: Api, tokens: TokenService): void {
  app.route({
    method: 'POST',
    url: '/v1/tokens',
    config,
    schema: {
      operationId: 'createToken',
      tags,
      summary: 'Create a named token; the answer is the only place where it is shown',
      body: TokenBody,
      response: {
        201: NewToken,
        ...problems('invalid-request', 'conflict', 'unsupported-media-type', 'too-large'),
      },
    },
    handler: async (request, reply) => {
      const { name, role } = request.body
      const outcome = await tokens.create(name, role)
      switch (outcome.kind) {
        case 'created': {
          const { token, secret } = outcome
          reply.code(201).header('location', `/v1/tokens/${name}`)
          return reply.send({ ...viewToken({ ...token, lastUsedAtMs: null }), token: secret })
        }
        case 'exists': {
          const detail = `token ${name} exists already; delete it first, or choose another name`
          return sendProblem(reply, problemOf('conflict', detail))
        }
        case 'full': {
          const detail = 'there are as many tokens as can be; delete one that is not used any more'
          return sendProblem(reply, problemOf('conflict', detail))
        }
        default:
          return outcome satisfies never
      }
    },
  })
}
