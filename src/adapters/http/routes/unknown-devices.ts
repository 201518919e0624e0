import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import { missing } from '../answer-outcome.ts'
import type { Api } from '../api.ts'
import { sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { problems } from '../schemas/problem.ts'
import { UnknownDeviceView, viewUnknownDevice } from '../schemas/unknown-device.ts'
import { MacIn } from '../schemas/values.ts'

const tags = ['unknown-devices']

/** `/v1/unknown-devices`: who asked for an address or a file, is not enrolled and was not served. */
export function unknownDeviceRoutes(
  app: Api,
  { unknownDevices }: Pick<Services, 'unknownDevices'>,
): void {
  app.route({
    method: 'GET',
    url: '/v1/unknown-devices',
    schema: {
      operationId: 'listUnknownDevices',
      tags,
      summary: 'Devices that are not enrolled and were not served, the last seen first',
      description:
        'At most 1,000; one that was silent for a week is no longer listed. Enrolling a device with ' +
        'PUT /v1/phones/{mac} removes its entry.',
      response: { 200: Type.Array(UnknownDeviceView), ...problems() },
    },
    handler: () => unknownDevices.list().map(viewUnknownDevice),
  })
  app.route({
    method: 'DELETE',
    url: '/v1/unknown-devices/:mac',
    config: { isLocal: true },
    schema: {
      operationId: 'forgetUnknownDevice',
      tags,
      summary: 'Remove a device from the list; it is listed again when it asks again',
      params: Type.Object({ mac: MacIn }),
      response: {
        204: Type.Null({ description: 'Removed' }),
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      if (unknownDevices.forget(mac)) return reply.code(204).send(null)
      return sendProblem(reply, missing(`an unknown device ${mac}`))
    },
  })
}
