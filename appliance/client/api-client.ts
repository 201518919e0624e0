import { followStream } from './event-stream-client.ts'

/** An answer of the API that says no: a problem document (RFC 9457), its detail as the message. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** The document's `problems`; empty where it has none. */
  readonly problems: readonly unknown[]

  constructor(status: number, message: string, problems: readonly unknown[]) {
    super(message)
    this.status = status
    this.problems = problems
  }
}

/** No answer at the address of the API. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Whether an appliance that answered before may answer again: it restarts, or does not run now. */
export function isAway(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiError && error.status >= 500)
}

/**
 * The REST API as the command line uses it: JSON in, JSON out, a problem document as an error
 * whose message is its detail.
 */
export class ApiClient {
  readonly #base: string
  readonly #token: string | null

  /** `base` such as `http://127.0.0.1:8067`; `token` null on loopback. */
  constructor(base: string, token: string | null) {
    this.#base = base.replace(/\/+$/, '')
    this.#token = token
  }

  async get<Body>(path: string): Promise<Body> {
    return (await this.#ask<Body>({ method: 'GET', path })).body
  }

  /** The same where the answer is no JSON, such as a log. */
  async getText(path: string, accept = '*/*'): Promise<string> {
    const response = await this.#fetch({ method: 'GET', path, headers: { accept } })
    const text = await response.text().catch(this.#noAnswer)
    if (!response.ok) throw errorOf(answerIn(text, response), response)
    return text
  }

  /**
   * Waits for a state other than that of `etag`.
   *
   * @param path - With `wait` in its query.
   * @param etag - Null for whatever state there is.
   * @returns Null where the time passed without a change.
   */
  async getChanged<Body>(
    path: string,
    etag: string | null,
  ): Promise<{ readonly body: Body; readonly etag: string | null } | null> {
    const known = etag === null ? {} : { 'if-none-match': etag }
    const answer = await this.#ask<Body>({ method: 'GET', path, headers: known })
    return answer.status === 304 ? null : { body: answer.body, etag: answer.etag }
  }

  /** `headers` such as `if-none-match: *`. */
  put<Body>(path: string, body: unknown, headers: Headers = {}): Promise<Body> {
    return this.#sendJson({ method: 'PUT', path, headers }, body)
  }

  /** `headers` such as `if-match: "3"`. */
  patch<Body>(path: string, body: unknown, headers: Headers = {}): Promise<Body> {
    return this.#sendJson({ method: 'PATCH', path, headers }, body)
  }

  async post<Body>(path: string, body: Uint8Array, contentType: string): Promise<Body> {
    const headers = { 'content-type': contentType }
    return (await this.#ask<Body>({ method: 'POST', path, headers, body })).body
  }

  /** Sends bytes as a file. */
  async putBytes<Body>(path: string, body: Uint8Array): Promise<Body> {
    const headers = { 'content-type': 'application/octet-stream' }
    return (await this.#ask<Body>({ method: 'PUT', path, headers, body })).body
  }

  /** The bytes of a file. */
  async getBytes(path: string): Promise<Uint8Array> {
    const response = await this.#fetch({ method: 'GET', path, headers: { accept: '*/*' } })
    const bytes = new Uint8Array(await response.arrayBuffer().catch(this.#noAnswer))
    if (response.ok) return bytes
    throw errorOf(answerIn(new TextDecoder().decode(bytes), response), response)
  }

  async delete<Body>(path: string): Promise<Body> {
    return (await this.#ask<Body>({ method: 'DELETE', path })).body
  }

  /**
   * Follows server-sent events for good, over lost connections.
   *
   * @param lastEventId - The last one that is known; null: from now on.
   * @param onLost - Told each time that the connection was lost; it is made again by itself.
   * @throws ApiError, or NoAnswer where it cannot be opened the first time.
   */
  follow(path: string, lastEventId: string | null, onLost: () => void) {
    let wasOpen = false
    const open = async (after: string | null) => {
      const known = after === null ? {} : { 'last-event-id': after }
      const headers = { accept: 'text/event-stream', ...known }
      const response = await this.#fetch({ method: 'GET', path, headers })
      if (!response.ok) throw errorOf(answerIn(await response.text(), response), response)
      wasOpen = true
      return response.body ?? new ReadableStream<Uint8Array>()
    }
    const mayPass = (error: unknown) => wasOpen && isAway(error)
    return followStream({ open, mayPass, onLost }, lastEventId)
  }

  async #sendJson<Body>(request: ApiRequest, body: unknown): Promise<Body> {
    const headers = { ...request.headers, 'content-type': 'application/json' }
    return (await this.#ask<Body>({ ...request, headers, body: JSON.stringify(body) })).body
  }

  async #ask<Body>(request: ApiRequest): Promise<ApiAnswer<Body>> {
    const response = await this.#fetch(request)
    const text = await response.text().catch(this.#noAnswer)
    const { status } = response
    const value = answerIn(text, response)
    if (!response.ok && status !== 304) throw errorOf(value, response)
    return { status, etag: response.headers.get('etag'), body: value as Body }
  }

  #fetch({ method, path, headers, body }: ApiRequest): Promise<Response> {
    const request = {
      method,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      ...(body === undefined ? {} : { body }),
    }
    return fetch(`${this.#base}${path}`, request).catch(this.#noAnswer)
  }

  readonly #noAnswer = (error: unknown): never => {
    throw new NoAnswer(noAnswer(this.#base, error), { cause: error })
  }
}

type Headers = Readonly<Record<string, string>>

type ApiRequest = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

type ApiAnswer<Body> = {
  readonly status: number
  readonly etag: string | null
  readonly body: Body
}

/** What OpenSSL says of a certificate without a trusted signer. */
const UNKNOWN_SIGNERS = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** All that `fetch` itself says is that it failed; its cause says why, and some causes have a remedy. */
function noAnswer(base: string, error: unknown): string {
  const { cause = error } = error instanceof Error ? error : {}
  const code = cause instanceof Error && 'code' in cause ? `${cause.code}` : ''
  if (UNKNOWN_SIGNERS.has(code)) {
    return (
      `${base} has a certificate that this machine does not trust (${code}). If it is your own, set ` +
      'its file in the environment: NODE_EXTRA_CA_CERTS=FILE switchhook ...'
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `${base} has a certificate for another name: use a name or an address that it contains`
  }
  const reason = cause instanceof Error ? cause.message : `${cause}`
  return `${base} does not answer: ${reason}`
}

/** A proxy in between says no in HTML: its status is what there is to tell. */
function answerIn(text: string, { ok, status, url }: Response): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    if (!ok) return null
    throw new ApiError(
      status,
      `${url} does not return JSON: is it the API of a Switchhook appliance?`,
      [],
    )
  }
}

function errorOf(value: unknown, { status, statusText }: Response): ApiError {
  const document = typeof value === 'object' && value !== null ? value : {}
  const detail = 'detail' in document ? `${document.detail}` : `${status} ${statusText}`
  const problems =
    'problems' in document && Array.isArray(document.problems) ? document.problems : []
  return new ApiError(status, detail, problems)
}

/** The query of a request; what was not given is not part of it. */
export function queryOf(
  wanted: Readonly<Record<string, string | number | boolean | undefined>>,
): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined) query.set(name, `${value}`)
  }
  return query
}
