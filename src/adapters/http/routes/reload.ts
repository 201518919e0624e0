import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { problems } from '../schemas/problem.ts'

const ReloadView = Type.Object(
  {
    applied: Type.Boolean({ description: 'Whether the networks of the file are now in force' }),
    restartNeeded: Type.Array(Type.String(), {
      description: 'Keys whose change takes effect only after a restart, by path',
    }),
    warnings: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
  },
  { title: 'Reload' },
)

/** `/v1/reload`: the configuration file, read again. */
export function reloadRoutes(app: Api, { reload }: Pick<Services, 'reload'>): void {
  app.route({
    method: 'POST',
    url: '/v1/reload',
    config: { isLocal: true },
    schema: {
      operationId: 'reload',
      tags: ['networks'],
      summary: 'Reload the configuration file, as SIGHUP does; leases and transfers continue',
      description:
        'If the file has a problem, nothing changes. Networks are applied all ' +
        'together, or not at all if one of them needs a socket that is not open.',
      response: { 200: ReloadView, ...problems('conflict', 'values-refused') },
    },
    handler: async (_request, reply) => {
      const outcome = await reload()
      switch (outcome.kind) {
        case 'reloaded': {
          const { applied, restartNeeded, warnings } = outcome
          const view = { applied, restartNeeded: [...restartNeeded], warnings: [...warnings] }
          return reply.send(view)
        }
        case 'refused': {
          const detail = 'The configuration has problems; the previous one stays in force'
          const { problems } = outcome
          return sendProblem(reply, problemOf('values-refused', detail, { problems }))
        }
        case 'no-file': {
          const detail = 'This appliance runs without a configuration file; start it with --config'
          return sendProblem(reply, problemOf('conflict', detail))
        }
        default:
          return outcome satisfies never
      }
    },
  })
}
