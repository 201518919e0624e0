import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import { countOf } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { noteUnchanged } from '../audit.ts'
import { describeValidation } from '../describe-validation.ts'
import { entityTag, meetsPrecondition, readPrecondition } from '../entity-tag.ts'
import { type ImportAnswer, importPhones } from '../phone-list/import-phones.ts'
import { inJson, type ListProblem, type ReadList } from '../phone-list/list-row.ts'
import { readCsvList } from '../phone-list/read-csv-list.ts'
import { readJsonList } from '../phone-list/read-json-list.ts'
import { problemOf, sendProblem } from '../problem.ts'
import {
  ImportQuery,
  ImportReport,
  LIST_LIMIT_BYTES,
  MOST_LISTED,
  PhoneListBody,
  type PhoneListEntry,
} from '../schemas/phone-import.ts'
import { problems } from '../schemas/problem.ts'

const DESCRIPTION =
  'Each row enrols a phone or changes one; nothing is stored if any row has a problem. CSV is UTF-8, ' +
  'separated by commas, semicolons or tabs; its first row names the columns: mac (required), model, ' +
  'network, profile, label, address, switchPort, line1_name, line1_authName, line1_password, ' +
  'line1_displayName to line6_displayName, to, from. An empty cell changes nothing, - clears. state and ' +
  'evidence of an export are ignored. JSON is an array of merge patches (RFC 7396). The ETag of a dry ' +
  'run, sent as If-Match, makes sure that no phone of the list has changed since. At most 10,000 rows.'

/** `POST /v1/phones/import`: phones of a list, all or none. */
export function phoneImportRoutes(
  app: Api,
  services: Pick<Services, 'inventory' | 'conversions'>,
): void {
  readCsvBodies(app)
  app.route({
    method: 'POST',
    url: '/v1/phones/import',
    bodyLimit: LIST_LIMIT_BYTES,
    // Problems are told by row, also those that the schema finds.
    attachValidation: true,
    schema: {
      operationId: 'importPhones',
      tags: ['phones'],
      summary: 'Enrol and change the phones of a CSV or JSON list; all or nothing',
      description: DESCRIPTION,
      querystring: ImportQuery,
      headers: Type.Object({
        'if-match': Type.Optional(
          Type.String({
            description: 'Import only if the phones are as at this ETag of a dry run',
          }),
        ),
      }),
      body: {
        content: {
          'application/json': { schema: PhoneListBody },
          'text/csv': { schema: Type.Unsafe<Buffer>({ format: 'binary' }) },
        },
      },
      response: {
        200: ImportReport,
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
      const { dryRun, acceptOneWay } = request.query
      if (request.validationError !== undefined) return refuseShape(request, reply)
      const list = readList(request.body, acceptOneWay === 'true')
      const expected = readPrecondition({ 'if-match': request.headers['if-match'] })
      const isExpected = (revision: string) => meetsPrecondition(expected, revision)
      const options = { isDryRun: dryRun === 'true', isExpected }
      return answer(reply, await importPhones(list, options, services))
    },
  })
}

function readCsvBodies(app: FastifyInstance): void {
  app.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer', bodyLimit: LIST_LIMIT_BYTES },
    (_request, body, done) => done(null, body),
  )
}

function readList(body: unknown, acceptOneWay: boolean): ReadList {
  if (Array.isArray(body)) return readJsonList(body as PhoneListEntry[], acceptOneWay)
  const bytes = body instanceof Uint8Array ? body : new Uint8Array()
  return readCsvList(bytes, { acceptOneWay, mostRows: MOST_LISTED })
}

function answer(reply: FastifyReply, outcome: ImportAnswer): FastifyReply {
  switch (outcome.kind) {
    case 'done': {
      const { created, changed, conversions, dryRun } = outcome.report
      if (dryRun || created + changed + conversions === 0) noteUnchanged(reply)
      return reply.header('etag', entityTag(outcome.revision)).send(outcome.report)
    }
    case 'refused':
      return refuse(reply, outcome.problems)
    case 'conflict': {
      const who = outcome.mac === null ? 'a phone of the list' : `phone ${outcome.mac}`
      const detail = `nothing was stored: ${who} has changed since; preview the list again`
      return sendProblem(reply, problemOf('precondition-failed', detail))
    }
    default:
      return outcome satisfies never
  }
}

/** More would not be read; the rest shows once the first are corrected. */
const MOST_PROBLEMS = 1_000

function refuse(reply: FastifyReply, found: readonly ListProblem[]): FastifyReply {
  const rest = found.length > MOST_PROBLEMS ? `, the first ${MOST_PROBLEMS} of them` : ''
  const detail = `nothing was stored: the list has ${countOf(found)}; problems lists them by row and column${rest}`
  const problems = found.slice(0, MOST_PROBLEMS)
  return sendProblem(reply, problemOf('values-refused', detail, { problems }))
}

/** What the schema finds: of a row with its number, of the rest of the request as everywhere. */
function refuseShape(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { validationError, body, query } = request
  const isBody = validationError?.validationContext === 'body'
  const found = describeValidation(validationError?.validation ?? [], isBody ? body : query)
  if (!isBody) {
    const detail = 'The query is not valid; problems lists what to change'
    return sendProblem(reply, problemOf('invalid-request', detail, { problems: found }))
  }
  const problems = found.map(({ path, message }) => {
    const [, index = '', below = ''] = /^\/(\d+)(.*)$/.exec(path) ?? []
    return index === '' ? { path, message } : inJson(Number(index) + 1, { path: below, message })
  })
  const detail = 'nothing was stored: the list does not match its schema; problems lists each place'
  return sendProblem(reply, problemOf('invalid-request', detail, { problems }))
}
