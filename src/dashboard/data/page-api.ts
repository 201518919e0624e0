import type { ImportReport, Problem } from './types.ts'

/** The API said no; `problem` says why, in its words. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

const TOKEN_KEY = 'switchhook-token'

/** How long an answer may take, in milliseconds; an upload may take longer. */
const ANSWER_WITHIN_MS = 20_000
const UPLOAD_WITHIN_MS = 300_000

/**
 * The REST API of the appliance that served the page. The token is kept as long as the tab.
 *
 * Every method throws {@link Refusal} for a no, and TypeError where no answer comes.
 */
export class PageApi {
  /** Whether there is a token to send. */
  get hasToken(): boolean {
    return sessionStorage.getItem(TOKEN_KEY) !== null
  }

  /** Keeps the token for this tab. */
  setToken(token: string): void {
    sessionStorage.setItem(TOKEN_KEY, token)
  }

  /** For requests that are made elsewhere, such as the stream. */
  headers(): Record<string, string> {
    const token = sessionStorage.getItem(TOKEN_KEY)
    return token === null ? {} : { authorization: `Bearer ${token}` }
  }

  async get<Body>(path: string): Promise<Body> {
    return (await this.#ask('GET', path)).json()
  }

  /** Null where the resource still has this entity tag. */
  async getIfChanged<Body>(path: string, tag: string | null): Promise<{ body: Body } | null> {
    const headers: Record<string, string> = tag === null ? {} : { 'if-none-match': tag }
    const response = await this.#ask('GET', path, { headers })
    if (response.status === 304) return null
    return { body: await response.json() }
  }

  async text(path: string): Promise<string> {
    return (await this.#ask('GET', path)).text()
  }

  /** The resource as CSV, where it can be had so. */
  async csv(path: string): Promise<string> {
    return (await this.#ask('GET', path, { headers: { accept: 'text/csv' } })).text()
  }

  async getBytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#ask('GET', path)).arrayBuffer())
  }

  async put<Body>(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Body> {
    return (await this.#ask('PUT', path, { ...jsonBody(body), headers })).json()
  }

  async post<Body>(path: string, body?: unknown): Promise<Body> {
    return (await this.#ask('POST', path, body === undefined ? {} : jsonBody(body))).json()
  }

  async patch<Body>(path: string, body: unknown): Promise<Body> {
    return (await this.#ask('PATCH', path, jsonBody(body))).json()
  }

  /** Deletes what leaves nothing behind to answer with. */
  async remove(path: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#ask('DELETE', path, { headers })
  }

  async delete<Body>(path: string): Promise<Body> {
    return (await this.#ask('DELETE', path)).json()
  }

  /** Stores a file as it is. */
  async putBytes<Body>(path: string, file: Blob): Promise<Body> {
    const body = { body: file, type: 'application/octet-stream', withinMs: UPLOAD_WITHIN_MS }
    return (await this.#ask('PUT', path, body)).json()
  }

  async upload<Body>(path: string, archive: Blob): Promise<Body> {
    const body = { body: archive, type: 'application/zip', withinMs: UPLOAD_WITHIN_MS }
    return (await this.#ask('POST', path, body)).json()
  }

  /** Imports the phones of a list, or says what that would do. */
  async importPhones(
    list: Blob,
    { isDryRun, acceptOneWay, tag }: ImportOptions,
  ): Promise<{ readonly report: ImportReport; readonly tag: string | null }> {
    const path = `/v1/phones/import?dryRun=${isDryRun}&acceptOneWay=${acceptOneWay}`
    const headers: Record<string, string> = tag === null ? {} : { 'if-match': tag }
    const body = { body: list, type: list.type, withinMs: UPLOAD_WITHIN_MS, headers }
    const response = await this.#ask('POST', path, body)
    return { report: await response.json(), tag: response.headers.get('etag') }
  }

  async #ask(method: string, path: string, content?: Content): Promise<Response> {
    const response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...this.headers(),
        ...(content?.type === undefined ? {} : { 'content-type': content.type }),
        ...content?.headers,
      },
      body: content?.body ?? null,
      cache: 'no-store',
      signal: AbortSignal.timeout(content?.withinMs ?? ANSWER_WITHIN_MS),
    })
    if (!response.ok && response.status !== 304) throw new Refusal(await problemIn(response))
    return response
  }
}

/** How a list is imported; `tag` is that of its preview. */
export type ImportOptions = {
  readonly isDryRun: boolean
  readonly acceptOneWay: boolean
  readonly tag: string | null
}

type Content = {
  readonly body?: Blob | string
  readonly type?: string
  readonly withinMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

function jsonBody(body: unknown): Content {
  return { body: JSON.stringify(body), type: 'application/json' }
}

/** The problem of an answer; a proxy in between may answer with something else. */
export async function problemIn(response: Response): Promise<Problem> {
  const { status } = response
  const plain = { title: 'The request failed', status, detail: `Unexpected status ${status}` }
  try {
    return { ...plain, ...((await response.json()) as Problem) }
  } catch {
    // No JSON: not from our API.
    return plain
  }
}

/** Whatever was thrown, as a problem to show. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem
  const detail = 'The appliance does not answer. Check that it runs and that the network works.'
  return { title: 'No answer', status: 0, detail }
}
