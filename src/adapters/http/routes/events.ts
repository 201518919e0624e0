import { Readable } from 'node:stream'
import Type, { type Static } from 'typebox'
import { type EventFilter, LEVELS } from '../../../services/events/event-filter.ts'
import type { Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { eventStream } from '../event-stream.ts'
import type { OpenAnswers } from '../open-answers.ts'
import { ProblemError, problemOf, sendProblem } from '../problem.ts'
import { readMac, readTime } from '../read-values.ts'
import { EventView, viewEvent } from '../schemas/event.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, Name, OneOf } from '../schemas/values.ts'

const Moment = Type.String({
  maxLength: 40,
  description: 'ISO 8601; `since` includes the moment, `until` does not',
  examples: ['2026-03-01T09:30:00Z'],
})

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
    event: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Only events whose name begins with this',
        examples: ['conversion.'],
      }),
    ),
    level: Type.Optional(OneOf(LEVELS, 'Only events of this level or a higher one')),
    since: Type.Optional(Moment),
    until: Type.Optional(Moment),
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
      const { limit = 100 } = request.query
      const filter = filterOf(request.query)
      const after = readLastEventId(request.headers['last-event-id']) ?? request.query.after
      if (request.headers.accept?.includes('text/event-stream')) {
        const answer = openAnswers.open(reply)
        if (answer === undefined) return sendProblem(reply, tooManyOpen())
        const stream = eventStream(events, { after, filter }, answer.signal)
        reply.type('text/event-stream').header('cache-control', 'no-store')
        return reply.send(Readable.from(stream, { objectMode: false }))
      }
      const list = await events.list({ limit, ...filter, ...withoutUndefined({ after }) })
      const { oldest, newest } = events.range()
      const next = list.at(-1)?.id ?? after ?? newest
      return reply.type('application/json').send({ events: list.map(viewEvent), next, oldest })
    },
  })
}

function filterOf(query: Static<typeof Query>): EventFilter {
  const { mac, network, event: prefix, level, since, until } = query
  return withoutUndefined({
    mac: mac === undefined ? undefined : readMac(mac, 'mac'),
    network,
    prefix,
    level,
    sinceMs: since === undefined ? undefined : readTime(since, 'since'),
    untilMs: until === undefined ? undefined : readTime(until, 'until'),
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
