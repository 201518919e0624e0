import { Readable } from 'node:stream'
import Type, { type Static } from 'typebox'
import { type EventFilter, LEVELS } from '../../../services/events/event-filter.ts'
import { placeAfter } from '../../../services/events/event-places.ts'
import type { EventPlace, EventService, Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import { CURSOR_IN_WORDS, MAX_CURSOR_CHARACTERS, readCursor, writeCursor } from '../event-cursor.ts'
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
      Type.String({
        minLength: 1,
        maxLength: MAX_CURSOR_CHARACTERS,
        description:
          'Only events after this `next` or id; 0 is the oldest, without it come the newest. A number ' +
          'is an event of the appliance that is asked',
        examples: ['4711', 'prague/sw-a:123,prague/sw-b:77'],
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
    next: Type.Union([Type.Integer(), Type.String()], {
      description:
        'The cursor to pass as `after` to continue: the id of an event, or with database.postgres a ' +
        'text that has one id an appliance',
    }),
    oldest: Type.Integer({ description: 'The oldest id that the appliance which is asked keeps' }),
    partial: Type.Optional(
      Type.Boolean({
        description:
          'With database.postgres: PostgreSQL cannot be used, and events of other appliances are missing',
      }),
    ),
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
      const after =
        readPlace(request.headers['last-event-id'], events, 'last-event-id') ??
        readPlace(request.query.after, events, 'after')
      if (request.headers.accept?.includes('text/event-stream')) {
        const answer = openAnswers.open(reply)
        if (answer === undefined) return sendProblem(reply, tooManyOpen())
        const stream = eventStream(events, { after, filter }, answer.signal)
        reply.type('text/event-stream').header('cache-control', 'no-store')
        return reply.send(Readable.from(stream, { objectMode: false }))
      }
      return reply.type('application/json').send(await pageOf(events, { limit, filter, after }))
    },
  })
}

type PageQuery = {
  readonly limit: number
  readonly filter: EventFilter
  readonly after: EventPlace | undefined
}

async function pageOf(events: EventService, { limit, filter, after }: PageQuery) {
  const ranges = events.ranges()
  const place = after === undefined ? undefined : await events.placed(after)
  const { events: list, isPartial } = await events.page({
    limit,
    ...filter,
    ...withoutUndefined({ after: place }),
  })
  const next = placeAfter(place ?? endsWithout(list, ranges), list)
  return {
    events: list.map(viewEvent),
    next: events.here === '' ? (next.get('') ?? 0) : writeCursor(next),
    oldest: ranges.get(events.here)?.oldest ?? 0,
    ...(events.here === '' ? {} : { partial: isPartial }),
  }
}

/** The newest of each appliance of which nothing is in the list. */
function endsWithout(
  list: readonly { readonly appliance?: string }[],
  ranges: ReturnType<EventService['ranges']>,
): EventPlace {
  const listed = new Set(list.map(({ appliance = '' }) => appliance))
  const others = [...ranges].filter(([appliance]) => !listed.has(appliance))
  return new Map(others.map(([appliance, { newest }]) => [appliance, newest]))
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

function readPlace(
  text: string | undefined,
  { here }: EventService,
  path: 'after' | 'last-event-id',
): EventPlace | undefined {
  if (text === undefined || text === '') return undefined
  const place = readCursor(text, here)
  if (place !== undefined) return place
  const message = `is not a cursor; send ${CURSOR_IN_WORDS}, or omit it`
  const name = path === 'after' ? 'after' : 'Last-Event-ID'
  throw new ProblemError(
    problemOf('invalid-request', `${name} ${message}`, { problems: [{ path, message }] }),
  )
}
