import Type from 'typebox'
import type { Mac } from '../../../net/mac.ts'
import type { FileViewService, InventoryService, Services } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, Octets, OneOf, Sha256 } from '../schemas/values.ts'
import { isSecretName, maskSecrets } from '../secrets.ts'

const tags = ['phones']

const ViewedFile = Type.Object(
  {
    name: Type.String(),
    bytes: Type.Integer(),
    sha256: Sha256,
    origin: OneOf(['step', 'generated', 'firmware', 'shared']),
  },
  { title: 'ViewedFile', description: 'Size and SHA-256 are those of the unmasked bytes' },
)

/** `/v1/phones/{mac}/files`: what the phone would get over TFTP at this moment. */
export function phoneFileRoutes(
  app: Api,
  { fileViews, inventory }: Pick<Services, 'fileViews' | 'inventory'>,
): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/files',
    schema: {
      operationId: 'listPhoneFiles',
      tags,
      summary: 'The files that a phone sees over TFTP now',
      params: Type.Object({ mac: MacIn }),
      response: { 200: Type.Array(ViewedFile), ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const files = fileViews.list(mac)
      if (files === undefined) return sendProblem(reply, missing(`phone ${mac}`))
      return reply.send([...files])
    },
  })
  readRoute(app, fileViews, inventory)
}

function readRoute(app: Api, fileViews: FileViewService, inventory: InventoryService): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/files/:name',
    schema: {
      operationId: 'getPhoneFile',
      tags,
      summary: 'A file as the phone would receive it, with secrets masked',
      params: Type.Object({ mac: MacIn, name: Type.String({ minLength: 1, maxLength: 255 }) }),
      response: {
        200: {
          description: 'The bytes; X-Secrets-Masked: true if some are masked',
          content: { 'application/octet-stream': { schema: Octets } },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const { name } = request.params
      const found = fileViews.read(mac, name)
      if (found === undefined) {
        const detail = `phone ${mac} sees no file of that name now; GET /v1/phones/${mac}/files lists what it sees`
        return sendProblem(reply, problemOf('not-found', detail))
      }
      const shown = maskSecrets(found.file.name, found.content, secretsOf(inventory, mac))
      reply.header('content-disposition', 'attachment')
      reply.header('x-secrets-masked', String(!Buffer.from(shown).equals(found.content)))
      return reply.type('application/octet-stream').send(Buffer.from(shown))
    },
  })
}

function secretsOf(inventory: InventoryService, mac: Mac): string[] {
  const phone = inventory.phone(mac)
  if (phone === undefined) return []
  const profile = phone.profile === null ? undefined : inventory.profile(phone.profile)
  const parameters = Object.entries({ ...profile?.sip, ...phone.settings })
  return [
    ...phone.lines.flatMap(({ password }) => (password === undefined ? [] : [password])),
    ...parameters.filter(([name]) => isSecretName(name)).map(([, value]) => value),
  ]
}
