import Type from 'typebox'
import type { InventoryService, Services } from '../../../services/services.ts'
import { answerDelete, answerPut, changedMeanwhile, missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { alreadyHas, entityTag, meetsPrecondition, readPrecondition } from '../entity-tag.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { SharedFileView, viewSharedFile } from '../schemas/firmware.ts'
import { problems } from '../schemas/problem.ts'
import { Octets, Preconditions } from '../schemas/values.ts'
import { UPLOAD_LIMIT_BYTES } from '../upload-limit.ts'

const tags = ['files']

const FileName = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'The name as phones request it, with a slash written as %2F',
  examples: ['ring/chime.raw'],
})

const params = Type.Object({ name: FileName })

/** `/v1/files`: files that phones may fetch and that convert nothing. */
export function fileRoutes(
  app: Api,
  { inventory }: Pick<Services, 'inventory'>,
  now: () => number,
): void {
  app.route({
    method: 'GET',
    url: '/v1/files',
    schema: {
      operationId: 'listFiles',
      tags,
      summary: 'All shared files',
      response: { 200: Type.Array(SharedFileView), ...problems() },
    },
    handler: () => inventory.files().map(viewSharedFile),
  })
  readRoute(app, inventory)
  putRoute(app, inventory, now)
  app.route({
    method: 'DELETE',
    url: '/v1/files/:name',
    schema: {
      operationId: 'deleteFile',
      tags,
      summary: 'Delete a shared file; running transfers finish',
      params,
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found', 'in-use'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      return answerDelete(reply, `file ${name}`, await inventory.deleteFile(name))
    },
  })
}

function readRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'GET',
    url: '/v1/files/:name',
    schema: {
      operationId: 'getFile',
      tags,
      summary: 'The bytes of a shared file',
      params,
      response: {
        200: {
          description: 'The bytes; the ETag is their SHA-256',
          content: { 'application/octet-stream': { schema: Octets } },
        },
        304: Type.Null({ description: 'Not modified: the ETag still matches' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const file = inventory.file(name)
      const content = file === undefined ? undefined : inventory.content(file.sha256)
      if (file === undefined || content === undefined) {
        return sendProblem(reply, missing(`file ${name}`))
      }
      reply.header('etag', entityTag(file.sha256))
      if (alreadyHas(request.headers, entityTag(file.sha256))) return reply.code(304).send(null)
      reply.header('content-disposition', 'attachment').type('application/octet-stream')
      // Only a copy may leave: the socket keeps it until the client has taken it.
      return reply.send(Buffer.from(content.bytes))
    },
  })
}

function putRoute(app: Api, inventory: InventoryService, now: () => number): void {
  app.removeAllContentTypeParsers()
  // Whatever a client calls them, these are bytes.
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: UPLOAD_LIMIT_BYTES },
    (_request, body, done) => done(null, body),
  )
  app.route({
    method: 'PUT',
    url: '/v1/files/:name',
    bodyLimit: UPLOAD_LIMIT_BYTES,
    schema: {
      operationId: 'putFile',
      tags,
      summary: 'Add a shared file, or replace it',
      consumes: ['application/octet-stream'],
      params,
      headers: Preconditions,
      body: Type.Unsafe<Buffer | null>({ format: 'binary', description: 'Up to 32 MiB' }),
      response: {
        200: SharedFileView,
        201: SharedFileView,
        ...problems('invalid-request', 'precondition-failed', 'too-large', 'values-refused'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const current = inventory.file(name)
      const isMet = meetsPrecondition(readPrecondition(request.headers), current?.sha256)
      if (!isMet) return sendProblem(reply, changedFile(name, current?.sha256))
      const content = request.body ?? new Uint8Array()
      const outcome = await inventory.putFile(name, content, now())
      if (outcome.kind === 'created') {
        reply.header('location', `/v1/files/${encodeURIComponent(name)}`)
      }
      return answerPut(reply, `file ${name}`, outcome, (file) =>
        reply.header('etag', entityTag(file.sha256)).send(viewSharedFile(file)),
      )
    },
  })
}

function changedFile(name: string, sha256: string | undefined) {
  if (sha256 === undefined) return changedMeanwhile(`file ${name}`, 0)
  const detail = `file ${name} was not changed: its ETag is now ${entityTag(sha256)}; GET it again`
  return problemOf('precondition-failed', detail)
}
