import type { Socket } from 'node:net'
import { PROBLEM_MEDIA_TYPE, type ProblemKind, problemOf } from './problem.ts'

/**
 * Answers bytes that are no HTTP request, for which there is neither request nor reply, and closes
 * the connection: what follows cannot be told apart from what came.
 */
export function handleClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // The client has gone, or an answer has begun already.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const { kind, detail } = MEANING[error.code ?? ''] ?? NOT_HTTP
  const problem = problemOf(kind, detail)
  const body = JSON.stringify(problem)
  // A client that does not read its answer would hold the connection for minutes.
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

/** How long the answer may take to be read, in milliseconds. */
const LINGER_MS = 1_000

type Meaning = { readonly kind: ProblemKind; readonly detail: string }

const NOT_HTTP: Meaning = {
  kind: 'invalid-request',
  detail: 'Not a valid HTTP/1.1 request; this port speaks plain HTTP, not TLS',
}

const MEANING: Readonly<Record<string, Meaning>> = {
  HPE_HEADER_OVERFLOW: {
    kind: 'headers-too-large',
    detail: 'The header fields are larger than 16 KiB in total; send fewer or shorter ones',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    kind: 'request-timeout',
    detail:
      'The header did not arrive within 10 s, or the request within 120 s; send it again over a faster connection',
  },
}
