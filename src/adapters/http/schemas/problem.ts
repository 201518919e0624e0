import type { FastifySchema } from 'fastify'
import Type from 'typebox'
import { PROBLEM_KINDS, PROBLEM_MEDIA_TYPE, type ProblemKind } from '../problem.ts'

/** A problem detail as it is sent. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'The kind of problem; explained under /docs' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was found, what was expected, and what to do' }),
    instance: Type.String({ description: 'The id of the request, as in the log' }),
    reason: Type.Optional(Type.String({ description: 'Stable code of a refused plan' })),
    methods: Type.Optional(
      Type.Array(
        Type.Object({
          method: Type.String(),
          reason: Type.Unsafe<string | null>({
            type: ['string', 'null'],
            description: 'Why it cannot be used; null where it can',
          }),
        }),
        { description: 'All restart methods' },
      ),
    ),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds after which to ask again' })),
    problems: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.Optional(
            Type.String({ description: 'JSON pointer, or the name of a parameter' }),
          ),
          message: Type.Optional(Type.String()),
          row: Type.Optional(
            Type.Integer({
              description:
                'Row of a list; of CSV as a spreadsheet counts (the heading is 1), of JSON from 1',
            }),
          ),
          column: Type.Optional(Type.String({ description: 'Column of that row' })),
          file: Type.Optional(Type.String({ description: 'A file within the archive' })),
          fault: Type.Optional(Type.String()),
        }),
      ),
    ),
  },
  { title: 'Problem', description: 'Problem detail (RFC 9457)' },
)

/**
 * Response schemas for problems, by status, to spread into a route's `response`. Those that every
 * route may answer with are always there.
 */
export function problems(...kinds: readonly ProblemKind[]) {
  const always: readonly ProblemKind[] = [
    'unauthorized',
    'misdirected',
    'too-many-attempts',
    'internal',
  ]
  const titles = new Map<number, string>()
  for (const kind of [...kinds, ...always]) {
    const { status, title } = PROBLEM_KINDS[kind]
    const before = titles.get(status)
    titles.set(status, before === undefined || before === title ? title : `${before}; ${title}`)
  }
  return Object.fromEntries(
    [...titles].map(([status, description]) => [status, responseOf(description)]),
  )
}

/**
 * A route's schema that also answers with this kind of problem. Where its status is there already, the
 * description tells both, once each.
 */
export function addProblem(schema: FastifySchema, kind: ProblemKind): FastifySchema {
  const { status, title } = PROBLEM_KINDS[kind]
  const responses = (schema.response ?? {}) as Readonly<Record<string, unknown>>
  const before = responses[status] as { readonly description: string } | undefined
  const reported = before === undefined ? [] : before.description.split('; ')
  const description = [...new Set([...reported, title])].join('; ')
  return { ...schema, response: { ...responses, [status]: responseOf(description) } }
}

function responseOf(description: string) {
  return { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: Problem } } }
}
