import { Readable } from 'node:stream'
import Type from 'typebox'
import type { Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { eventStream } from '../event-stream.ts'
import type { OpenAnswers } from '../open-answers.ts'
import { ProblemError, problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { EventView, viewEvent } from '../schemas/event.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, Name } from '../schemas/values.ts'

const Query = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Only events after this id; without it, the newest',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    mac: Type.Optional(MacIn),
    network: Type.Optional(Name),
  },
  { additionalProperties: false },
)

const EventPage = Type.Object(
  {
    events: Type.Array(EventView),
    next: Type.Integer({ description: 'The cursor to pass as `after` to continue' }),
    oldest: Type.Integer({ description: 'The oldest id still kept' }),
  },
  { title: 'EventPage' },
)

const schema = {
  operationId: 'listEvents',
  tags: ['events'],
  summary: 'List events; stream them if text/event-stream is accepted',
  description:
    'The stream continues after Last-Event-ID or `after`, or starts now. `event:` is the name of the ' +
    'event; `gap` says that events after the cursor are no longer kept.',
  headers: Type.Object({
    accept: Type.Optional(Type.String({ description: 'text/event-stream for the stream' })),
    'last-event-id': Type.Optional(
      Type.String({ description: 'Id of the last event that the client received' }),
    ),
  }),
  querystring: Query,
  response: {
    200: {
      description: 'Events in ascending order',
      content: {
        'application/json': { schema: EventPage },
        'text/event-stream': { schema: Type.Unsafe<Readable>({ type: 'string' }) },
      },
    },
    ...problems('invalid-request', 'unavailable'),
  },
}

/** `/v1/events`: a list with a cursor, or the same as server-sent events. */
export function eventRoutes(
  app: Api,
  { events }: Pick<Services, 'events'>,
  openAnswers: OpenAnswers,
): void {
  app.route({
    method: 'GET',
    url: '/v1/events',
    exposeHeadRoute: false,
    schema,
    handler: async (request, reply) => {
      const { limit = 100, network } = request.query
      const mac = request.query.mac === undefined ? undefined : readMac(request.query.mac, 'mac')
      const after = readLastEventId(request.headers['last-event-id']) ?? request.query.after
      if (request.headers.accept?.includes('text/event-stream')) {
        const answer = openAnswers.open(reply)
        if (answer === undefined) return sendProblem(reply, tooManyOpen())
        const stream = eventStream(events, { after, mac, network }, answer.signal)
        reply.type('text/event-stream').header('cache-control', 'no-store')
        return reply.send(Readable.from(stream, { objectMode: false }))
      }
      const list = await events.list({ limit, ...withoutUndefined({ after, mac, network }) })
      const { oldest, newest } = events.range()
      const next = list.at(-1)?.id ?? after ?? newest
      return reply.type('application/json').send({ events: list.map(viewEvent), next, oldest })
    },
  })
}

/** A query without the keys that are not asked by. */
function withoutUndefined<Query extends object>(query: Query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [Key in keyof Query]?: Exclude<Query[Key], undefined> }
}

/** 503 where no more answers can be kept open. */
export function tooManyOpen() {
  const detail =
    'Too many clients wait for changes or follow events; close some, or request without waiting'
  return problemOf('unavailable', detail)
}

function readLastEventId(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const message = 'is not an event id; send the number from the stream, or omit it'
  throw new ProblemError(
    problemOf('invalid-request', `Last-Event-ID ${message}`, {
      problems: [{ path: 'last-event-id', message }],
    }),
  )
}
