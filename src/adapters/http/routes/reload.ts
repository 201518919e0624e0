import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { problems } from '../schemas/problem.ts'

const ReloadView = Type.Object(
  {
    applied: Type.Boolean({ description: 'Whether the networks of the file are in force now' }),
    restartNeeded: Type.Array(Type.String(), {
      description: 'What only a restart puts in force, by its place in the file',
    }),
    warnings: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
  },
  { title: 'Reload' },
)

/** `/v1/reload`: the configuration file, read anew. */
export function reloadRoutes(app: Api, { reload }: Pick<Services, 'reload'>): void {
  app.route({
    method: 'POST',
    url: '/v1/reload',
    schema: {
      operationId: 'reload',
      tags: ['networks'],
      summary: 'Read the configuration file anew, as SIGHUP does; leases and transfers go on',
      description:
        'With a problem anywhere in the file nothing changes. Networks are put in force all ' +
        'together, or, where one of them wants a socket that is not open, not at all.',
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
          const detail = 'The configuration has problems, and the one before stays in force'
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
