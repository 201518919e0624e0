import Type, { type Static } from 'typebox'
import type { StoredFirmware } from '../../../inventory/firmware.ts'
import type {
  FirmwareImportService,
  InventoryService,
  Services,
} from '../../../services/services.ts'
import { answerDelete, missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { noteUnchanged } from '../audit.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { FirmwareView, TakenFirmwareView, viewFirmware } from '../schemas/firmware.ts'
import { problems } from '../schemas/problem.ts'
import { Load } from '../schemas/values.ts'
import { UPLOAD_LIMIT_BYTES } from '../upload-limit.ts'

const tags = ['firmware']
const params = Type.Object({ load: Load })

/** `/v1/firmware`: the stored firmware sets. */
export function firmwareRoutes(
  app: Api,
  { inventory, firmwareImport }: Pick<Services, 'inventory' | 'firmwareImport'>,
): void {
  const view = (firmware: StoredFirmware) =>
    viewFirmware(firmware, (sha256) => inventory.content(sha256))
  app.route({
    method: 'GET',
    url: '/v1/firmware',
    schema: {
      operationId: 'listFirmware',
      tags,
      summary: 'All firmware sets',
      response: { 200: Type.Array(FirmwareView), ...problems() },
    },
    handler: () => inventory.firmwareSets().map(view),
  })
  app.route({
    method: 'GET',
    url: '/v1/firmware/:load',
    schema: {
      operationId: 'getFirmware',
      tags,
      summary: 'One firmware set',
      params,
      response: { 200: FirmwareView, ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const firmware = inventory.firmware(request.params.load)
      if (firmware === undefined) {
        return sendProblem(reply, missing(`firmware ${request.params.load}`))
      }
      return reply.send(view(firmware))
    },
  })
  uploadRoute(app, firmwareImport, view)
  deleteRoute(app, inventory)
}

function deleteRoute(app: Api, inventory: InventoryService): void {
  app.route({
    method: 'DELETE',
    url: '/v1/firmware/:load',
    schema: {
      operationId: 'deleteFirmware',
      tags,
      summary: 'Delete a firmware set that is not in use; running transfers finish',
      params,
      response: {
        204: Type.Null({ description: 'Deleted' }),
        ...problems('invalid-request', 'not-found', 'in-use'),
      },
    },
    handler: async (request, reply) => {
      const { load } = request.params
      return answerDelete(reply, `firmware ${load}`, await inventory.deleteFirmware(load))
    },
  })
}

function uploadRoute(
  app: Api,
  firmwareImport: FirmwareImportService,
  view: (firmware: StoredFirmware) => Static<typeof FirmwareView>,
): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/zip',
    { parseAs: 'buffer', bodyLimit: UPLOAD_LIMIT_BYTES },
    (_request, body, done) => done(null, body),
  )
  app.route({
    method: 'POST',
    url: '/v1/firmware',
    bodyLimit: UPLOAD_LIMIT_BYTES,
    schema: {
      operationId: 'addFirmware',
      tags,
      summary:
        'Import one firmware set as a ZIP, whole or not at all; 200 if a set of that load existed',
      consumes: ['application/zip'],
      body: Type.Unsafe<Buffer | null>({ format: 'binary', description: 'A ZIP of up to 32 MiB' }),
      response: {
        200: TakenFirmwareView,
        201: TakenFirmwareView,
        ...problems('invalid-request', 'too-large', 'unsupported-media-type', 'firmware-refused'),
      },
    },
    handler: async (request, reply) => {
      // Without a body there is none; a body without a type has been refused before.
      const archive = request.body ?? new Uint8Array()
      if (archive.length === 0) return sendProblem(reply, noArchive())
      const outcome = await firmwareImport.importArchive(archive)
      if (outcome.kind === 'refused') {
        const detail =
          'Nothing was stored; each file and its fault is listed. Use the ' +
          'archive as Cisco shipped it, neither repacked nor with renamed files'
        return sendProblem(
          reply,
          problemOf('firmware-refused', detail, { problems: outcome.problems }),
        )
      }
      if (outcome.kind === 'unchanged') noteUnchanged(reply)
      const { load } = outcome.value
      if (outcome.kind === 'created') {
        reply.code(201).header('location', `/v1/firmware/${encodeURIComponent(load)}`)
      }
      const { kind, value, ignored } = outcome
      return reply.send({ ...view(value), outcome: kind, ignored: [...ignored] })
    },
  })
}

function noArchive() {
  const detail = 'The body is empty; send the ZIP itself, with Content-Type: application/zip'
  return problemOf('invalid-request', detail)
}
