/** An answer of the API that says no. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
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

  get<Body>(path: string): Promise<Body> {
    return this.#ask('GET', path)
  }

  put<Body>(path: string, body: unknown): Promise<Body> {
    return this.#ask('PUT', path, JSON.stringify(body), 'application/json')
  }

  post<Body>(path: string, body: Uint8Array, contentType: string): Promise<Body> {
    return this.#ask('POST', path, body, contentType)
  }

  delete<Body>(path: string): Promise<Body> {
    return this.#ask('DELETE', path)
  }

  async #ask<Body>(
    method: string,
    path: string,
    body?: string | Uint8Array,
    contentType?: string,
  ): Promise<Body> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (contentType !== undefined) headers['content-type'] = contentType
    if (this.#token !== null) headers['authorization'] = `Bearer ${this.#token}`
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const value: unknown = text === '' ? null : JSON.parse(text)
    if (!response.ok) throw new ApiError(response.status, describe(value, response))
    return value as Body
  }
}

function describe(value: unknown, response: Response): string {
  if (typeof value === 'object' && value !== null && 'detail' in value) {
    return `${value.detail}`
  }
  return `${response.status} ${response.statusText}`
}
