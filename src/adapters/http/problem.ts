import type { FastifyReply } from 'fastify'
import type { EntryProblem } from '../../inventory/inventory-outcome.ts'
import type { FileFault } from '../../inventory/named-files.ts'

/** Every kind of problem that the API answers with: its status and its title (RFC 9457). */
export const PROBLEM_KINDS = {
  'invalid-request': { status: 400, title: 'Malformed request' },
  unauthorized: { status: 401, title: 'Bearer token required' },
  forbidden: { status: 403, title: 'Permission denied' },
  'cross-site': { status: 403, title: 'Cross-site request refused' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'request-timeout': { status: 408, title: 'Request timeout' },
  conflict: { status: 409, title: 'Conflict with the current state' },
  'from-contradicted': { status: 409, title: 'The phone was seen to run another load' },
  'no-restart-method': { status: 409, title: 'No restart method available' },
  'in-transfer': { status: 409, title: 'Transfer in progress' },
  'registration-loop': { status: 409, title: 'The phone registers repeatedly' },
  'restart-under-way': { status: 409, title: 'Restart already in progress' },
  'in-use': { status: 409, title: 'In use' },
  'precondition-failed': { status: 412, title: 'Precondition failed' },
  'too-large': { status: 413, title: 'Request body too large' },
  'uri-too-long': { status: 414, title: 'Path too long' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  misdirected: { status: 421, title: 'Host not served' },
  'values-refused': { status: 422, title: 'Validation failed' },
  'plan-refused': { status: 422, title: 'No supported upgrade path' },
  'rollout-refused': { status: 422, title: 'Roll-out not started' },
  'firmware-refused': { status: 422, title: 'Firmware not imported' },
  'too-many-attempts': { status: 429, title: 'Too many wrong tokens' },
  'headers-too-large': { status: 431, title: 'Header fields too large' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  'storage-full': { status: 507, title: 'Disk full' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

/** Name of a problem kind; the last part of a problem's `type`. */
export type ProblemKind = keyof typeof PROBLEM_KINDS

/** A problem of one row of a list; `path` where the list is JSON. */
export type RowFault = {
  readonly row: number
  readonly column?: string
  readonly path?: string
  readonly message: string
}

/** A problem detail (RFC 9457 section 3); `problems` lists every single fault. */
export type ProblemDetail = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly problems?: readonly (EntryProblem | FileFault | RowFault)[]
  /** Stable code of a refused plan or conversion. */
  readonly reason?: string
  /** Each restart method, and why it cannot be used; null where it can. */
  readonly methods?: { readonly method: string; readonly reason: string | null }[]
  /** Seconds after which to ask again. */
  readonly retryAfter?: number
}

/** What a problem may say beyond its kind and its detail. */
export type ProblemExtras = Pick<ProblemDetail, 'problems' | 'reason' | 'methods' | 'retryAfter'>

/** The media type of every error (RFC 9457 section 6.1). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/**
 * Makes a problem detail.
 *
 * @param detail - What was found, what was wanted and what to do; never a secret.
 */
export function problemOf(
  kind: ProblemKind,
  detail: string,
  extras: ProblemExtras = {},
): ProblemDetail {
  const { status, title } = PROBLEM_KINDS[kind]
  return { type: `/docs#${kind}`, title, status, detail, ...extras }
}

/** Answers with a problem; the request's id makes it findable in the log. */
export function sendProblem(reply: FastifyReply, problem: ProblemDetail): FastifyReply {
  return reply
    .code(problem.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send({ ...problem, instance: `urn:uuid:${reply.request.id}` })
}

/**
 * Thrown where a part of a request cannot be read as what it should be, just as Fastify does where
 * one does not fit its schema; the error handler answers with the problem.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: ProblemDetail

  constructor(problem: ProblemDetail) {
    super(problem.detail)
    this.problem = problem
  }
}
