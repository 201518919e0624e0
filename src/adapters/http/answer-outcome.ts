import type { FastifyReply } from 'fastify'
import type { DeleteOutcome, PutOutcome } from '../../inventory/inventory-outcome.ts'
import { noteUnchanged } from './audit.ts'
import { type ProblemDetail, problemOf, sendProblem } from './problem.ts'

/** How an entry is called in messages, as in `phone 000E84C060A6`. */
export type EntryName = string

/** Answers 201 where the entry is new, 200 where it was there, or says why it was not stored. */
export function answerPut<T>(
  reply: FastifyReply,
  name: EntryName,
  outcome: PutOutcome<T>,
  send: (value: T) => FastifyReply,
): FastifyReply {
  switch (outcome.kind) {
    case 'created':
      reply.code(201)
      return send(outcome.value)
    case 'unchanged':
      noteUnchanged(reply)
      reply.code(200)
      return send(outcome.value)
    case 'replaced':
      reply.code(200)
      return send(outcome.value)
    case 'refused':
      return sendProblem(
        reply,
        problemOf('values-refused', `${name} was not stored: ${countOf(outcome.problems)}`, {
          problems: outcome.problems,
        }),
      )
    case 'conflict':
      return sendProblem(reply, changedMeanwhile(name, outcome.revision))
    default:
      return outcome satisfies never
  }
}

/** Answers 204, or says why the entry was not deleted. */
export function answerDelete(
  reply: FastifyReply,
  name: EntryName,
  outcome: DeleteOutcome,
): FastifyReply {
  switch (outcome.kind) {
    case 'deleted':
      return reply.code(204).send()
    case 'not-found':
      return sendProblem(reply, missing(name))
    case 'conflict':
      return sendProblem(reply, changedMeanwhile(name, outcome.revision))
    case 'in-use': {
      const users = outcome.by.slice(0, 10).join(', ')
      const more = outcome.by.length > 10 ? ` and ${outcome.by.length - 10} more` : ''
      const detail = `${name} was not deleted: in use by ${users}${more}; change those first`
      return sendProblem(reply, problemOf('in-use', detail))
    }
    default:
      return outcome satisfies never
  }
}

/** 404 for an entry that was never stored, or is gone. */
export function missing(name: EntryName): ProblemDetail {
  return problemOf('not-found', `${name} does not exist`)
}

/** 412 for an entry that is not what the caller read before; revision 0 stands for "not there". */
export function changedMeanwhile(name: EntryName, revision: number): ProblemDetail {
  const found = revision === 0 ? 'it does not exist' : `it is at revision ${revision}`
  return problemOf(
    'precondition-failed',
    `${name} was not changed: ${found}, so the precondition of the request failed; ` +
      'GET it again and apply the change to that version',
  )
}

/** `1 problem`, `2 problems`. */
export function countOf(problems: readonly unknown[]): string {
  return problems.length === 1 ? '1 problem' : `${problems.length} problems`
}
