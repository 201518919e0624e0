import type { FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import { ChangeSignal, type Subscribe } from './change-signal.ts'
import { alreadyHas, entityTag } from './entity-tag.ts'
import type { OpenAnswers } from './open-answers.ts'
import { sendProblem } from './problem.ts'
import { tooManyOpen } from './routes/events.ts'

/** The query of a resource that can be waited for. */
export const WaitQuery = Type.Object(
  {
    wait: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 60,
        description: 'Wait for the next change, at most this many seconds, then answer',
      }),
    ),
  },
  { additionalProperties: false },
)

/** Its headers. */
export const WaitHeaders = Type.Object({ 'if-none-match': Type.Optional(Type.String()) })

/** What it may answer besides. */
export const WAIT_RESPONSES = {
  304: Type.Null({ description: 'Not modified: the ETag still matches' }),
}

/** A resource with revisions that a client may wait for. */
export type Watched<Value> = {
  readonly get: () => Value | undefined
  /** Whether anything could still change it. */
  readonly mayChange: (value: Value) => boolean
  readonly subscribe: Subscribe
  readonly send: (value: Value) => FastifyReply
  readonly missing: () => FastifyReply
}

type WaitRequest = {
  readonly query: Static<typeof WaitQuery>
  readonly headers: Static<typeof WaitHeaders>
}

/**
 * Answers with a value as it is, or with `wait` at its next change. With If-None-Match the change
 * is one from that ETag, and 304 says that there was none.
 */
export async function answerWhenChanged<Value extends { readonly revision: number }>(
  watched: Watched<Value>,
  { query, headers }: WaitRequest,
  reply: FastifyReply,
  openAnswers: OpenAnswers,
): Promise<FastifyReply> {
  const known = watched.get()
  const waitMs = (query.wait ?? 0) * 1000
  if (known !== undefined && waitMs > 0 && watched.mayChange(known) && isNews(headers, known)) {
    const outcome = await nextChange(watched.subscribe, waitMs, openAnswers, reply)
    if (outcome === 'too-many') return sendProblem(reply, tooManyOpen())
  }
  const value = watched.get()
  if (value === undefined) return watched.missing()
  const tag = entityTag(value.revision)
  if (alreadyHas(headers, tag)) return reply.header('etag', tag).code(304).send(null)
  return watched.send(value)
}

/** Whether only a change from here would be news to the caller. */
function isNews(
  headers: WaitRequest['headers'],
  { revision }: { readonly revision: number },
): boolean {
  return headers['if-none-match'] === undefined || alreadyHas(headers, entityTag(revision))
}

async function nextChange(
  subscribe: Subscribe,
  waitMs: number,
  openAnswers: OpenAnswers,
  reply: FastifyReply,
): Promise<'over' | 'too-many'> {
  const answer = openAnswers.open(reply)
  if (answer === undefined) return 'too-many'
  const changes = new ChangeSignal(subscribe)
  try {
    await changes.wait(waitMs, answer.signal)
  } finally {
    changes.close()
    answer.close()
  }
  return 'over'
}
