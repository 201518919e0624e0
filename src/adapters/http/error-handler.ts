import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { describeValidation } from './describe-validation.ts'
import type { PeerLines } from './peer-lines.ts'
import {
  type ProblemDetail,
  ProblemError,
  type ProblemKind,
  problemOf,
  sendProblem,
} from './problem.ts'
import { storeFault } from './store-fault.ts'

/**
 * Answers whatever was thrown on the way to an answer with a problem detail. What is no fault of
 * the request is logged with its stack, and the client gets no detail.
 */
export function handleErrors(lines: PeerLines) {
  return (
    error: FastifyError | ProblemError,
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply => {
    const problem = problemFrom(error, request)
    const isOurFault = problem.status >= 500 && !(error instanceof ProblemError)
    if (isOurFault) lines.write(request, 'error', { event: 'http.request.failed', err: error })
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
    return sendProblem(reply, problem)
  }
}

/**
 * Answers a request whose path cannot be read. No hook runs for it, so neither guard nor log has
 * seen it: the answer tells nothing but the fault, and its line is written here.
 */
export function handleUnreadablePaths(lines: () => PeerLines) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemFrom(error, request)
    const { method, ip: client } = request
    const line = { event: 'http.path.refused', method, client, status: problem.status }
    lines().write(request, 'info', line)
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
    sendProblem(reply, problem)
  }
}

function problemFrom(error: FastifyError | ProblemError, request: FastifyRequest): ProblemDetail {
  if (error instanceof ProblemError) return error.problem
  if (error.validation !== undefined) return invalidRequest(error, request)
  const fault = storeFault(error)
  if (fault !== undefined) return fault
  const known = KNOWN_ERRORS[error.code]
  if (known !== undefined) return problemOf(known.kind, known.detail)
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return problemOf(kindOfStatus(error.statusCode), error.message)
  }
  return problemOf(
    'internal',
    'Internal error; the log has the reason under the id given in instance',
  )
}

function invalidRequest(error: FastifyError, request: FastifyRequest): ProblemDetail {
  const part = error.validationContext ?? 'body'
  const value = { body: request.body, params: request.params, querystring: request.query }
  const found = value[part as keyof typeof value] ?? request.headers
  const problems = describeValidation(error.validation ?? [], found)
  return problemOf('invalid-request', PART_DETAIL[part] ?? '', { problems })
}

const PART_DETAIL: Readonly<Record<string, string>> = {
  body: 'The request does not have the form that this route takes (/docs); each fault is listed',
  params: 'A part of the path is not valid',
  querystring: 'The query is not valid',
  headers: 'A header field is not valid',
}

/** What Fastify and its plugins throw at requests, in our words. */
const KNOWN_ERRORS: Readonly<
  Record<string, { readonly kind: ProblemKind; readonly detail: string }>
> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    kind: 'invalid-request',
    detail: 'The body is empty although Content-Type is JSON; send a JSON object',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    kind: 'invalid-request',
    detail: 'The body is not valid JSON, or has the key __proto__ or constructor',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    kind: 'too-large',
    detail:
      'The body is too large for this route; limits are 256 KiB of JSON, 16 MiB of a list of phones and 32 MiB of a file',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'unsupported-media-type',
    detail:
      'Unsupported Content-Type; this API reads application/json, text/csv for lists of phones, and application/zip for firmware',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    kind: 'invalid-request',
    detail: 'Body length does not match Content-Length',
  },
  FST_ERR_BAD_URL: {
    kind: 'invalid-request',
    detail: 'The path has a percent sign that starts no escape sequence; write it as %25',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    kind: 'uri-too-long',
    detail: 'A part of the path is longer than 255 characters; no resource name is that long',
  },
}

function kindOfStatus(status: number): ProblemKind {
  switch (status) {
    case 404:
      return 'not-found'
    case 413:
      return 'too-large'
    case 415:
      return 'unsupported-media-type'
    default:
      return 'invalid-request'
  }
}
