import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import { type Api, isoTime } from '../api.ts'
import { problems } from '../schemas/problem.ts'
import { Time } from '../schemas/values.ts'

const Appliance = Type.Object(
  {
    name: Type.String(),
    site: Type.String(),
    version: Type.String(),
    lastSeen: Time,
    live: Type.Boolean({ description: 'Whether it was seen within the last ten seconds' }),
    networks: Type.Array(Type.String(), {
      description: 'Networks with shared leases that it serves',
    }),
  },
  { title: 'Appliance' },
)

/** `/v1/appliances`: those that share a database. */
export function applianceRoutes(app: Api, { appliances }: Pick<Services, 'appliances'>): void {
  app.route({
    method: 'GET',
    url: '/v1/appliances',
    schema: {
      operationId: 'listAppliances',
      tags: ['networks'],
      summary: 'The appliances that share a database, by site and name; empty where none does',
      response: { 200: Type.Array(Appliance), ...problems('unavailable') },
    },
    handler: async () =>
      (await appliances.list()).map(({ lastSeenMs, isLive, networks, ...appliance }) => ({
        ...appliance,
        lastSeen: isoTime(lastSeenMs),
        live: isLive,
        networks: [...networks],
      })),
  })
}
