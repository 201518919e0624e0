import type { InjectOptions } from 'fastify'
import t from 'tap'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

type Parameter = { readonly name: string; readonly in: 'path' | 'query' }
type Operation = { readonly parameters?: readonly Parameter[] }
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** What stands for a parameter, as it travels. */
const VALUES = [
  'no-such-thing',
  '..%2f..%2fetc%2fpasswd',
  'a%00b',
  '%ff',
  '%0d%0aX-Injected:%201',
  '%3Cscript%3E',
  '__proto__',
  '-1',
  '1e99',
  'NaN',
  '%F0%9F%92%A3',
  'x'.repeat(300),
]

/** Bodies, and what they say that they are. */
const BODIES = [
  { type: 'application/json', payload: '' },
  { type: 'application/json', payload: '{"a":' },
  { type: 'application/json', payload: 'null' },
  { type: 'application/json', payload: '[]' },
  { type: 'application/json', payload: '"text"' },
  { type: 'application/json', payload: '{"__proto__":{"model":"7960"}}' },
  { type: 'application/json', payload: '{"constructor":{"prototype":{}}}' },
  { type: 'application/json', payload: `${'['.repeat(5000)}${']'.repeat(5000)}` },
  {
    type: 'application/json',
    payload: '{"model":"7960\\ud800\\u0000","network":7,"load":[],"to":{}}',
  },
  { type: 'application/json', payload: `{"label":"${'x'.repeat(300_000)}"}` },
  { type: 'application/zip', payload: 'PK\u0003\u0004 and then nothing' },
  { type: 'text/plain', payload: 'model: 7960' },
  { type: 'application/json; charset=utf-16', payload: '{\u0000' },
]

/** Takes any octets under any name that leads nowhere else: nothing to refuse. */
const TAKES_ANYTHING = 'put /v1/files/{name}'

/** Shorter than this nothing says what to do. */
const SHORTEST_DETAIL = 20

t.test(
  'hostile values in every place of every route are refused in words, and change nothing',
  async (t) => {
    const { app } = await anApi(t)
    const before = await stateOf()
    const { paths } = (await app.inject({ url: '/openapi.json' })).json<{ paths: Paths }>()
    let asked = 0
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { parameters = [] }] of Object.entries(methods)) {
        if (`${method} ${path}` === TAKES_ANYTHING) continue
        for (const request of requestsOf(path, method, parameters)) {
          await isRefusedInWords(request)
          asked++
        }
      }
      for (const method of ['TRACE', 'OPTIONS', 'PROPFIND'] as const) {
        await isRefusedInWords({ method: method as 'OPTIONS', url: path.replace(/\{\w+\}/g, 'x') })
      }
    }
    t.ok(asked > 500, `${asked} requests`)
    t.same(await stateOf(), before, 'all is as it was')

    async function isRefusedInWords(request: InjectOptions): Promise<void> {
      const { statusCode, headers, body } = await app.inject({
        ...request,
        headers: { ...WITH_TOKEN, ...request.headers },
      })
      const name = `${request.method} ${String(request.url).slice(0, 80)} ${String(request.payload ?? '').slice(0, 40)}`
      if (statusCode < 400) {
        // A query that a list takes as it is; nothing that is written is.
        t.ok(request.method === 'GET' || request.method === 'POST', `${name}: ${statusCode}`)
        return
      }
      t.ok(statusCode < 500, `${name}: ${statusCode} ${body}`)
      t.match(headers['content-type'], 'application/problem+json', name)
      const { status, detail } = JSON.parse(body) as { status: number; detail: string }
      t.equal(status, statusCode, name)
      t.ok(detail.length >= SHORTEST_DETAIL, `${name}: ${detail}`)
      t.notOk('x-injected' in headers, name)
    }

    async function stateOf(): Promise<readonly unknown[]> {
      // Firmware is judged by services that are not these: test/adapters/zip.
      const lists = ['phones', 'profiles', 'files', 'leases', 'conversions', 'rollouts']
      const answers = lists.map((list) => app.inject({ url: `/v1/${list}`, headers: WITH_TOKEN }))
      return (await Promise.all(answers)).map((answer) => answer.json())
    }
  },
)

/** Each hostile value in each parameter, and each hostile body. */
function* requestsOf(
  path: string,
  method: string,
  parameters: readonly Parameter[],
): Generator<InjectOptions> {
  const verb = method.toUpperCase() as 'GET'
  const good = path
    .replaceAll('{mac}', '0200000000FE')
    .replaceAll('{address}', '192.0.2.77')
    .replace(/\{\w+\}/g, 'none')
  for (const value of VALUES) {
    if (path.includes('{')) yield { method: verb, url: path.replace(/\{\w+\}/g, value) }
    for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
      yield { method: verb, url: `${good}?${name}=${value}` }
      yield { method: verb, url: `${good}?${name}=1&${name}=${value}` }
    }
  }
  if (['PUT', 'POST', 'PATCH'].includes(verb)) {
    for (const { type, payload } of BODIES) {
      yield { method: verb, url: good, payload, headers: { 'content-type': type } }
    }
  }
}
